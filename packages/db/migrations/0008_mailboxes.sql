CREATE TABLE `mailbox_positions` (
	`mailbox_id` text NOT NULL,
	`folder` text NOT NULL,
	`uid_validity` text NOT NULL,
	`last_uid` integer NOT NULL,
	PRIMARY KEY(`mailbox_id`, `folder`),
	FOREIGN KEY (`mailbox_id`) REFERENCES `mailboxes`(`mailbox_id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `mailboxes` (
	`mailbox_id` text PRIMARY KEY NOT NULL,
	`label` text NOT NULL,
	`host` text NOT NULL,
	`port` integer NOT NULL,
	`security` text NOT NULL,
	`user_name` text NOT NULL,
	`credential_ref` text,
	`folders` text NOT NULL,
	`look_back_days` integer NOT NULL,
	`state` text NOT NULL,
	`connected_at` integer NOT NULL,
	`seen_at` integer,
	`last_mail_at` integer,
	`fault_kind` text,
	`fault_message` text,
	`fault_folders` text,
	`fault_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `mailbox_label` ON `mailboxes` (lower("label"));