DROP INDEX `mail_unmatched`;--> statement-breakpoint
ALTER TABLE `received_mails` ADD `put_away_at` integer;--> statement-breakpoint
CREATE INDEX `mail_unmatched` ON `received_mails` (`received_at`) WHERE "received_mails"."order_id" is null and "received_mails"."put_away_at" is null;--> statement-breakpoint
ALTER TABLE `person_preferences` ADD `dismissed_mails` text DEFAULT '[]' NOT NULL;