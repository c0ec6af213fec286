ALTER TABLE `orders` ADD `search_row` integer;--> statement-breakpoint
CREATE UNIQUE INDEX `order_by_search_row` ON `orders` (`search_row`);--> statement-breakpoint
UPDATE orders SET search_row = found.rowid FROM order_search AS found WHERE found.order_id = orders.order_id;
