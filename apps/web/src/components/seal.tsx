/** The scalloped seal: a finished state, and the mark of the product. */
const scallops =
  "M12 1.2l2.1 1.6 2.600-.5 1.300 2.300 2.500.7v2.600l1.900 1.900-1.200 2.400.8 2.600-2.200 1.500-.5 2.600-2.700.2-1.700 2.100L12 19.900l-2.900.8-1.700-2.100-2.700-.2-.5-2.600L2 14.300l.8-2.600L1.600 9.300l1.900-1.900V4.800L6 4.100l1.300-2.300 2.600.5z";

export function Seal({
  className = "",
  children,
}: {
  readonly className?: string;
  readonly children?: React.ReactNode;
}) {
  return (
    <svg viewBox="0 0 24 22" aria-hidden className={className}>
      <path d={scallops} fill="currentColor" />
      {children}
    </svg>
  );
}

export function BrandSeal() {
  return (
    <Seal className="size-6 text-wax">
      <path
        d="M7.500 7.500h9v6.500h-9zM7.500 8l4.500 3.500L16.500 8"
        fill="none"
        stroke="#fff"
        strokeWidth="1.300"
        strokeLinejoin="round"
      />
    </Seal>
  );
}
