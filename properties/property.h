#pragma once
#include "model/migrate.h"
#include "properties/claim.h"

// What the claims of several properties are made of.
namespace hmm {

// Some flag of a table of flags is set.
template <class Table>
auto any_of(const Table& flags) requires is_grid<Table> {
  typename Table::Row any = false;
  for (const auto& flag : flags.slot) any = any || flag;
  return any;
}

// The entry of private memory is writable, or would come back so without a copy.
template <class D>
typename D::Bool is_owning(const State<D>& s, const Pte<D>& pte) {
  return pte.write || pte.exclusive || s.page.at(pte.pfn).anon_exclusive;
}

// A range over the page is open whose callback has not run for the device.
template <class D>
typename D::Bool is_pending(const State<D>& s, const typename D::Num& device,
                            const typename D::Num& mm, const typename D::Num& vpn) {
  typename D::Bool any = false;
  for (const auto& inv : s.invalidation.slot)
    any = any || (!is_op<D>(inv, RangeOp::none) && inv.mm == mm && inv.covers.at(vpn) &&
                  inv.pending.at(device));
  return any;
}

// The operation is at work there and has not come to the page.
template <class D>
typename D::Bool is_yet_to_change(const State<D>& s, RangeOp op, const typename D::Num& mm,
                                  const typename D::Num& vpn) {
  typename D::Bool any = false;
  for (const auto& inv : s.invalidation.slot)
    any = any || (is_op<D>(inv, op) && inv.mm == mm && inv.todo.at(vpn));
  return any;
}

// The kernel's sequence numbers keep walks and mirrors apart from what invalidates them. Older
// kernels promise less, which is what was wrong with them.
constexpr bool is_sequenced(const Profile& k) {
  return k.mmu_interval_notifier && k.invalidate_at_start;
}

// A device that has the page may write it by this pte. An exclusive entry of one kind says nothing
// of writing: it is made of writable ptes only.
template <class D>
typename D::Bool lets_device_write(const Profile& k, const Pte<D>& pte) {
  typename D::Bool lets = pte.write;
  if (k.exclusive_keeps_rmap) lets = lets || is<D>(pte.kind, PteKind::device_exclusive);
  return lets;
}

// The device pte names what the CPU pte does.
template <class D>
typename D::Bool mirrors(const Mirror<D>& mirror, const Pte<D>& pte) {
  const auto exclusive = is<D>(pte.kind, PteKind::device_exclusive);
  const auto mapped = is<D>(pte.kind, PteKind::present) || is<D>(pte.kind, PteKind::device_private);
  return ite(mirror.exclusive, exclusive, mapped) && pte.pfn == mirror.pfn;
}

}  // namespace hmm
