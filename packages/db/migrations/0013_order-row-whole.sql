ALTER TABLE `orders` ADD `names` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `orders` ADD `issued` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
UPDATE `orders` SET
  `names` = (SELECT json_group_array(`dns_name`) FROM (SELECT `dns_name` FROM `order_names` AS n WHERE n.`order_id` = `orders`.`order_id` ORDER BY n.`dns_name` <> `orders`.`common_name`, n.`dns_name`)),
  `issued` = (SELECT json_group_array(json_array(`ca_certificate_id`, `valid_from`, `valid_to`, `certificate_id`)) FROM `issuances` AS i WHERE i.`order_id` = `orders`.`order_id`);
