ALTER TABLE `issuances` ADD `place` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `order_by_beginning` ON `orders` (lower("common_name"));--> statement-breakpoint
UPDATE `orders` SET `issued` = (
  SELECT json_group_array(json_array(ca_certificate_id, valid_from, valid_to, certificate_id) ORDER BY valid_to DESC)
  FROM `issuances` WHERE `issuances`.`order_id` = `orders`.`order_id`
) WHERE json_array_length(`issued`) > 1;
