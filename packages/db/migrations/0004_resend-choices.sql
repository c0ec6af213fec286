ALTER TABLE `resend_requests` ADD `chosen_recipients` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `resend_requests` ADD `format` text;--> statement-breakpoint
ALTER TABLE `resend_requests` ADD `message` text;