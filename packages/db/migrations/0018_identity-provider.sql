ALTER TABLE `session` ADD `proven_at` integer;--> statement-breakpoint
CREATE UNIQUE INDEX `account_identity` ON `account` (`provider_id`,`account_id`);