CREATE TABLE `audit_head` (
	`only` integer PRIMARY KEY NOT NULL,
	`sequence` integer NOT NULL,
	`hash` text NOT NULL,
	`signed_at` integer NOT NULL,
	`public_key` text NOT NULL,
	`signature` text NOT NULL
);
--> statement-breakpoint
ALTER TABLE `audit_entries` ADD `hash` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `audit_entries` ADD `mac` text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX `audit_by_actor` ON `audit_entries` (`actor_id`,`sequence`);--> statement-breakpoint
CREATE INDEX `audit_by_act` ON `audit_entries` (`act`,`sequence`);--> statement-breakpoint
CREATE INDEX `audit_refused` ON `audit_entries` (`sequence`) WHERE "audit_entries"."outcome" = 'refused';