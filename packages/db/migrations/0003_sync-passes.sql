ALTER TABLE `ca_accounts` ADD `sync_listed_up_to` integer;--> statement-breakpoint
ALTER TABLE `ca_accounts` ADD `sync_whole_list_at` integer;--> statement-breakpoint
ALTER TABLE `ca_accounts` ADD `pass_started_at` integer;--> statement-breakpoint
ALTER TABLE `ca_accounts` ADD `pass_cursor` text;--> statement-breakpoint
ALTER TABLE `ca_accounts` ADD `pass_changed_since` integer;--> statement-breakpoint
ALTER TABLE `ca_accounts` ADD `sync_orders_in_all` integer;--> statement-breakpoint
CREATE INDEX `order_listed` ON `orders` (`ca_account_id`) WHERE "orders"."gone_at" is null;