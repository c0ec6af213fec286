CREATE TABLE `order_counts` (
	`ca_account_id` text NOT NULL,
	`attention` integer NOT NULL,
	`n` integer NOT NULL,
	PRIMARY KEY(`ca_account_id`, `attention`)
);
--> statement-breakpoint
INSERT INTO order_counts (ca_account_id, attention, n) SELECT ca_account_id, attention, count(*) FROM orders GROUP BY ca_account_id, attention;
