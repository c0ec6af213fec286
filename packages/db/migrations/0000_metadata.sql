CREATE TABLE `ca_accounts` (
	`ca_account_id` text PRIMARY KEY NOT NULL,
	`adapter` text NOT NULL,
	`label` text NOT NULL,
	`base_url` text NOT NULL,
	`settings` text NOT NULL,
	`credential_ref` text,
	`state` text NOT NULL,
	`is_sandbox` integer NOT NULL,
	`capabilities` text NOT NULL,
	`connected_at` integer NOT NULL,
	`sync_running_since` integer,
	`sync_completed_at` integer,
	`sync_orders_seen` integer NOT NULL,
	`fault_kind` text,
	`fault_message` text,
	`fault_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `account_label` ON `ca_accounts` (lower("label"));--> statement-breakpoint
CREATE TABLE `audit_entries` (
	`sequence` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`audit_id` text NOT NULL,
	`at` integer NOT NULL,
	`actor_kind` text NOT NULL,
	`actor_id` text NOT NULL,
	`actor_name` text NOT NULL,
	`act` text NOT NULL,
	`subject_kind` text NOT NULL,
	`subject_id` text NOT NULL,
	`subject_label` text NOT NULL,
	`outcome` text NOT NULL,
	`code` text,
	`details` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `audit_id` ON `audit_entries` (`audit_id`);--> statement-breakpoint
CREATE INDEX `audit_of` ON `audit_entries` (`subject_kind`,`subject_id`,`sequence`);--> statement-breakpoint
CREATE TABLE `certificates` (
	`certificate_id` text PRIMARY KEY NOT NULL,
	`fingerprint_sha256` text NOT NULL,
	`spki_sha256` text NOT NULL,
	`serial_number` text NOT NULL,
	`common_name` text NOT NULL,
	`dns_names` text NOT NULL,
	`organization` text,
	`issuer` text NOT NULL,
	`key_type` text NOT NULL,
	`signature_algorithm` text NOT NULL,
	`valid_from` integer NOT NULL,
	`valid_to` integer NOT NULL,
	`is_chain_complete` integer NOT NULL,
	`chain_names` text NOT NULL,
	`mode` text NOT NULL,
	`certificate_ref` text,
	`key_ref` text,
	`order_id` text,
	`ca_certificate_id` text,
	`version` integer NOT NULL,
	`notes` text NOT NULL,
	`imported_at` integer NOT NULL,
	`imported_by` text NOT NULL,
	FOREIGN KEY (`order_id`) REFERENCES `orders`(`order_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `certificate_fingerprint` ON `certificates` (`fingerprint_sha256`);--> statement-breakpoint
CREATE INDEX `certificate_by_end` ON `certificates` (`valid_to`,`certificate_id`);--> statement-breakpoint
CREATE INDEX `certificate_of_order` ON `certificates` (`order_id`);--> statement-breakpoint
CREATE TABLE `issuances` (
	`order_id` text NOT NULL,
	`ca_certificate_id` text NOT NULL,
	`valid_from` integer NOT NULL,
	`valid_to` integer NOT NULL,
	`certificate_id` text,
	PRIMARY KEY(`order_id`, `ca_certificate_id`),
	FOREIGN KEY (`order_id`) REFERENCES `orders`(`order_id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `order_names` (
	`order_id` text NOT NULL,
	`dns_name` text NOT NULL,
	PRIMARY KEY(`order_id`, `dns_name`),
	FOREIGN KEY (`order_id`) REFERENCES `orders`(`order_id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `order_by_name` ON `order_names` (`dns_name`);--> statement-breakpoint
CREATE TABLE `orders` (
	`order_id` text PRIMARY KEY NOT NULL,
	`ca_account_id` text NOT NULL,
	`ca_order_id` text NOT NULL,
	`product` text NOT NULL,
	`validation_type` text NOT NULL,
	`common_name` text NOT NULL,
	`status` text NOT NULL,
	`vendor_status` text NOT NULL,
	`csr_spki_sha256` text,
	`fulfillment_recipients` text,
	`approver_recipients` text,
	`ordered_at` integer,
	`synced_at` integer NOT NULL,
	`details_at` integer,
	`gone_at` integer,
	`attention` integer NOT NULL,
	`expires_at` integer,
	`sort_end` integer NOT NULL,
	`latest_valid_to` integer,
	FOREIGN KEY (`ca_account_id`) REFERENCES `ca_accounts`(`ca_account_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `order_of_account` ON `orders` (`ca_account_id`,`ca_order_id`);--> statement-breakpoint
CREATE INDEX `order_by_attention` ON `orders` (`attention`,`sort_end`,`order_id`);--> statement-breakpoint
CREATE INDEX `order_by_expiry` ON `orders` (`sort_end`,`order_id`);--> statement-breakpoint
CREATE INDEX `order_by_key` ON `orders` (`csr_spki_sha256`);--> statement-breakpoint
CREATE INDEX `order_by_number` ON `orders` (`ca_order_id`);--> statement-breakpoint
CREATE INDEX `order_due` ON `orders` (`latest_valid_to`) WHERE "orders"."attention" = 0;--> statement-breakpoint
CREATE INDEX `order_without_details` ON `orders` (`ca_account_id`,`attention`) WHERE "orders"."details_at" is null;--> statement-breakpoint
CREATE TABLE `resend_requests` (
	`request_id` text PRIMARY KEY NOT NULL,
	`order_id` text NOT NULL,
	`kind` text NOT NULL,
	`idempotency_key` text NOT NULL,
	`confirmed_recipients` text NOT NULL,
	`person_id` text NOT NULL,
	`person_name` text NOT NULL,
	`requested_at` integer NOT NULL,
	`status` text NOT NULL,
	`not_before` integer NOT NULL,
	`attempts` integer NOT NULL,
	`claimed_at` integer,
	`settled_at` integer,
	`reason` text,
	`ca_message` text,
	`answered_in_ms` integer,
	FOREIGN KEY (`order_id`) REFERENCES `orders`(`order_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `resend_key` ON `resend_requests` (`idempotency_key`);--> statement-breakpoint
CREATE UNIQUE INDEX `resend_open` ON `resend_requests` (`order_id`,`kind`) WHERE "resend_requests"."status" in ('requested', 'forwarding');--> statement-breakpoint
CREATE INDEX `resend_of_order` ON `resend_requests` (`order_id`,`requested_at`);--> statement-breakpoint
CREATE INDEX `resend_due` ON `resend_requests` (`status`,`not_before`);--> statement-breakpoint
CREATE INDEX `resend_recent` ON `resend_requests` (`kind`,`requested_at`);--> statement-breakpoint
CREATE TABLE `account` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`provider_id` text NOT NULL,
	`user_id` text NOT NULL,
	`access_token` text,
	`refresh_token` text,
	`id_token` text,
	`access_token_expires_at` integer,
	`refresh_token_expires_at` integer,
	`scope` text,
	`password` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `account_of_user` ON `account` (`user_id`);--> statement-breakpoint
CREATE TABLE `rate_limit` (
	`id` text PRIMARY KEY NOT NULL,
	`key` text NOT NULL,
	`count` integer NOT NULL,
	`last_request` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `rate_limit_key` ON `rate_limit` (`key`);--> statement-breakpoint
CREATE TABLE `session` (
	`id` text PRIMARY KEY NOT NULL,
	`token` text NOT NULL,
	`user_id` text NOT NULL,
	`ip_address` text,
	`user_agent` text,
	`expires_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `session_token` ON `session` (`token`);--> statement-breakpoint
CREATE INDEX `session_of_user` ON `session` (`user_id`);--> statement-breakpoint
CREATE TABLE `user` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`email` text NOT NULL,
	`email_verified` integer NOT NULL,
	`image` text,
	`role` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `user_email` ON `user` (`email`);--> statement-breakpoint
CREATE TABLE `verification` (
	`id` text PRIMARY KEY NOT NULL,
	`identifier` text NOT NULL,
	`value` text NOT NULL,
	`expires_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `verification_identifier` ON `verification` (`identifier`);