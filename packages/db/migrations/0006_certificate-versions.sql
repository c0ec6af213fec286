ALTER TABLE `certificates` ADD `is_current` integer DEFAULT true NOT NULL;--> statement-breakpoint
UPDATE certificates SET is_current = 0 WHERE EXISTS (
  SELECT 1 FROM certificates AS later
  WHERE later.order_id = certificates.order_id
    AND (later.version, later.imported_at, later.certificate_id)
      > (certificates.version, certificates.imported_at, certificates.certificate_id)
);
