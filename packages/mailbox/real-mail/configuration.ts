export interface Ports {
  readonly smtp: number;
  readonly imap: number;
  readonly imaps: number;
}

export interface Ground {
  readonly directory: string;
  readonly ports: Ports;
  /** What the server says it can do beyond the usual; null: all it can. */
  readonly withoutIdle: boolean;
}

/** The user and group that own the mails; none that exists. */
export const mailOwner = 5000;

/** Dovecot 2.3: IMAP with TLS and STARTTLS, LMTP for Postfix, one Maildir per user, passwords in a file. */
export function dovecotConf({ directory, ports, withoutIdle }: Ground): string {
  return `
base_dir = ${directory}/dovecot
state_dir = ${directory}/dovecot
instance_name = sealpost-test
log_path = ${directory}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
ssl = yes
ssl_cert = <${directory}/mail.crt
ssl_key = <${directory}/mail.key
disable_plaintext_auth = yes
auth_mechanisms = plain login
auth_failure_delay = 0
mail_location = maildir:~/Maildir
mail_uid = ${mailOwner}
mail_gid = ${mailOwner}
first_valid_uid = ${mailOwner}
mail_max_userip_connections = 100
recipient_delimiter = +
passdb {
  driver = passwd-file
  args = scheme=PLAIN username_format=%u ${directory}/users
}
userdb {
  driver = static
  args = uid=${mailOwner} gid=${mailOwner} home=${directory}/home/%u
}
namespace inbox {
  inbox = yes
  mailbox Junk {
    auto = create
    special_use = \\Junk
  }
}
${withoutIdle ? "imap_capability = IMAP4rev1 LITERAL+ UIDPLUS" : ""}
service imap-login {
  chroot =
  inet_listener imap {
    port = ${ports.imap}
  }
  inet_listener imaps {
    port = ${ports.imaps}
    ssl = yes
  }
}
service lmtp {
  unix_listener lmtp {
    mode = 0666
  }
}
service anvil {
  chroot =
}
`;
}

/** Postfix: takes mail for the test domains on loopback and hands it to Dovecot; sends nothing outside. */
export function postfixMain({ directory }: Ground): string {
  return `
compatibility_level = 3.6
queue_directory = ${directory}/spool
data_directory = ${directory}/postfix-data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.sealpost.test
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
virtual_mailbox_domains = example.test, sealpost.test
virtual_transport = lmtp:unix:${directory}/dovecot/lmtp
alias_maps =
alias_database =
local_recipient_maps =
default_transport = error:no outside delivery
relay_transport = error:no outside delivery
recipient_delimiter = +
message_size_limit = 62914560
maillog_file = ${directory}/postfix.log
maillog_file_prefixes = ${directory}
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
`;
}

export function postfixMaster({ ports }: Ground): string {
  const unix = (name: string, program = name, limit = "-") => `${name} unix - - n - ${limit} ${program}`;
  return `
127.0.0.1:${ports.smtp} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
qmgr unix n - n 300 1 qmgr
proxymap unix - - n - - proxymap
postlog unix-dgram n - n - 1 postlogd
cleanup unix n - n - 0 cleanup
${unix("rewrite", "trivial-rewrite")}
${unix("bounce", "bounce", "0")}
${unix("defer", "bounce", "0")}
${unix("trace", "bounce", "0")}
${unix("error")}
${unix("retry", "error")}
${unix("lmtp")}
${unix("anvil", "anvil", "1")}
`;
}
