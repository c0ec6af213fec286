CREATE TABLE `received_mails` (
	`mail_id` text PRIMARY KEY NOT NULL,
	`mailbox_id` text NOT NULL,
	`message_id` text NOT NULL,
	`folder` text NOT NULL,
	`uid_validity` text NOT NULL,
	`uid` integer NOT NULL,
	`received_at` integer NOT NULL,
	`sent_at` integer,
	`sender` text,
	`recipients` text NOT NULL,
	`dkim` text NOT NULL,
	`dmarc` text NOT NULL,
	`sender_verdict` text NOT NULL,
	`kind` text NOT NULL,
	`order_id` text,
	`matched_by` text NOT NULL,
	`contradictions` text NOT NULL,
	`request_id` text,
	`order_numbers` text NOT NULL,
	`names` text NOT NULL,
	`holds_private_key` integer NOT NULL,
	FOREIGN KEY (`order_id`) REFERENCES `orders`(`order_id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`request_id`) REFERENCES `resend_requests`(`request_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `mail_of_mailbox` ON `received_mails` (`mailbox_id`,`message_id`);--> statement-breakpoint
CREATE INDEX `mail_by_message_id` ON `received_mails` (`message_id`);--> statement-breakpoint
CREATE INDEX `mail_of_order` ON `received_mails` (`order_id`,`received_at`);--> statement-breakpoint
CREATE INDEX `mail_arrived` ON `received_mails` (`received_at`) WHERE "received_mails"."order_id" is not null;--> statement-breakpoint
CREATE INDEX `mail_unmatched` ON `received_mails` (`received_at`) WHERE "received_mails"."order_id" is null;--> statement-breakpoint
ALTER TABLE `resend_requests` ADD `evidence` text DEFAULT 'none' NOT NULL;--> statement-breakpoint
ALTER TABLE `resend_requests` ADD `evidence_at` integer;--> statement-breakpoint
ALTER TABLE `resend_requests` ADD `evidence_address` text;--> statement-breakpoint
ALTER TABLE `resend_requests` ADD `evidence_code` text;--> statement-breakpoint
ALTER TABLE `resend_requests` ADD `evidence_words` text;--> statement-breakpoint
ALTER TABLE `resend_requests` ADD `evidence_mail_id` text;--> statement-breakpoint
ALTER TABLE `resend_requests` ADD `ca_sent_at` integer;--> statement-breakpoint
CREATE INDEX `resend_silent` ON `resend_requests` (`settled_at`) WHERE "resend_requests"."evidence" = 'none' and "resend_requests"."status" in ('accepted', 'outcome-unknown');