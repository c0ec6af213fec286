ALTER TABLE `person_preferences` ADD `language` text;--> statement-breakpoint
ALTER TABLE `person_preferences` ADD `shows_first_steps` integer DEFAULT true NOT NULL;