#pragma once
#include "model/calls/caller.h"

// The page tables of the dummy driver's devices, lib/test_hmm.c `struct dmirror` and its `pt`. The
// driver keeps them by habits of its own, so they are not the model's mirrors.
namespace hmm {

template <class D>
class DmirrorTable : public StepListener<D> {
  using Num = typename D::Num;

 public:
  // An entry of the driver's xarray: the page, and DPT_XA_TAG_WRITE.
  struct Entry {
    bool valid = false, write = false;
    bool atomic = false;  // DPT_XA_TAG_ATOMIC
    Num pfn{};
  };
  Entry& at(unsigned device, unsigned mm, unsigned vpn) { return entry_[device][mm][vpn]; }

  void before(const Profile& k, const State<D>& s, const Step<D>& step) override {
    end_inclusive_ = k.dmirror_update_end_inclusive;
    if (const auto* call = std::get_if<MnItreeInvalidate<D>>(&step)) invalidate(s, *call);
    if (const auto* unmap = std::get_if<MigrateDeviceUnmap<D>>(&step)) try_to_migrate(s, *unmap);
    if (const auto* copy = std::get_if<AllocAndCopy<D>>(&step)) alloc_and_copy(s, *copy);
    if (const auto* end = std::get_if<MigrateDeviceFinalize<D>>(&step)) finalize_and_map(s, *end);
  }

  void unmapped_up_to(unsigned mm, unsigned last) override {
    for (unsigned d = 0; d < D::scope.devices; ++d) do_update(d, mm, last);
  }

 private:
  // dmirror_do_update() of a range that ends with this page: it takes the end of the range, which
  // is exclusive, for inclusive, and so drops the entry of the page after it too.
  void do_update(unsigned device, unsigned mm, unsigned vpn) {
    at(device, mm, vpn) = Entry{};
    if (end_inclusive_ && vpn + 1 < D::scope.vpns) at(device, mm, vpn + 1) = Entry{};
  }

  // dmirror_interval_invalidate(): the driver does not listen to its own migrations, whoever's
  // address space they are in.
  void invalidate(const State<D>& s, const MnItreeInvalidate<D>& call) {
    const auto inv = s.invalidation.at(call.slot);
    for (const auto& m : s.migration.slot)
      if (opened<D>(m, call.slot) && m.device == call.device) return;
    for (unsigned v = 0; v < D::scope.vpns; ++v)
      if (inv.covers.at(Num(v))) do_update(call.device.v, inv.mm.v, v);
  }

  // mm/rmap.c try_to_migrate_one() of the mappings that collect did not see: MMU_NOTIFY_CLEAR,
  // which has no owner.
  void try_to_migrate(const State<D>& s, const MigrateDeviceUnmap<D>& unmap) {
    const Num src = s.migrate_entry.at(unmap.slot, unmap.vpn).src;
    for (unsigned mm = 0; mm < D::scope.mms; ++mm)
      for (unsigned v = 0; v < D::scope.vpns; ++v)
        if (maps<D>(s.pte.at(Num(mm), Num(v)), src))
          for (unsigned d = 0; d < D::scope.devices; ++d) do_update(d, mm, v);
  }

  // dmirror_migrate_alloc_and_copy() notes whose the page is; on the way back
  // dmirror_devmem_fault_alloc_and_copy() drops the entry of that process (for a CPU fault), or of
  // the one that asked, at the page's address.
  void alloc_and_copy(const State<D>& s, const AllocAndCopy<D>& copy) {
    const auto m = s.migration.at(copy.slot);
    if (m.by_pfn) return;
    if (m.to_device) {
      owner_[copy.pfn.v] = m.mm.v;
      return;
    }
    const Num src = s.migrate_entry.at(copy.slot, copy.vpn).src;
    at(m.device.v, m.for_fault ? owner_[src.v] : m.mm.v, copy.vpn.v) = Entry{};
  }

  // dmirror_migrate_finalize_and_map(): a page that moved is mapped at once.
  void finalize_and_map(const State<D>& s, const MigrateDeviceFinalize<D>& end) {
    const auto m = s.migration.at(end.slot);
    const auto e = s.migrate_entry.at(end.slot, end.vpn);
    if (m.to_device && e.migrate && e.has_dst)
      at(m.device.v, m.mm.v, end.vpn.v) = Entry{true, s.pte.at(m.mm, end.vpn).write, false, e.dst};
  }

  std::array<std::array<std::array<Entry, D::scope.vpns>, D::scope.mms>, D::scope.devices> entry_{};
  std::array<unsigned, 1 + frames_of(D::scope)> owner_{};
  bool end_inclusive_ = false;
};

}  // namespace hmm
