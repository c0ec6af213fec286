CREATE TABLE `person_preferences` (
	`person_id` text PRIMARY KEY NOT NULL,
	`views` text NOT NULL,
	`columns` text,
	`has_single_keys` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `certificate_by_key` ON `certificates` (`spki_sha256`);--> statement-breakpoint
CREATE INDEX `certificate_by_serial` ON `certificates` (`serial_number`);