#pragma once
#include "model/calls/caller.h"

// The page tables of the dummy driver's devices, lib/test_hmm.c `struct dmirror` and its `pt`. The
// driver keeps them by habits of its own, so they are not the model's mirrors.
namespace hmm {

template <class D>
class DmirrorTable : public Driver<D> {
  using Num = typename D::Num;

 public:
  // An entry of the driver's xarray: the page, and DPT_XA_TAG_WRITE.
  struct Entry {
    bool valid = false, write = false;
    bool atomic = false;  // DPT_XA_TAG_ATOMIC
    Num pfn{};
  };
  // How often the driver was told that a page of the address space changes.
  std::size_t times_told(unsigned device, unsigned mm) const { return told_[device][mm]; }
  Entry& at(unsigned device, unsigned mm, unsigned vpn) { return entry_[device][mm][vpn]; }

  void took(const Taken<D>& step) override {
    for (unsigned d = 0; d < D::scope.devices; ++d)
      for (unsigned mm = 0; mm < D::scope.mms; ++mm)
        for (unsigned v = 0; v < D::scope.vpns; ++v)
          if (step.told[d][mm][v]) {
            ++told_[d][mm];
            do_update(step.profile, d, mm, v);
          }
    for (std::size_t i = 0; i < step.before.migrate_entry.size; ++i) {
      const auto was = step.before.migrate_entry.slot[i], is = step.after.migrate_entry.slot[i];
      const auto m = step.before.migration.at(Num(step.before.migrate_entry.index_of(i, 0)));
      const Num vpn(step.before.migrate_entry.index_of(i, 1));
      if (is.has_dst && !was.has_dst) alloc_and_copy(m, vpn, is);
    }
  }

  // dmirror_migrate_finalize_and_map() of a migration whose pages have moved, with the rights of
  // the entries that stand there until it lets go of them.
  void moved(const Profile& k, const State<D>& s, Num slot) override {
    const auto m = s.migration.at(slot);
    if (!m.to_device) return;
    for (unsigned v = 0; v < D::scope.vpns; ++v) {
      const auto entry = s.migrate_entry.at(slot, Num(v));
      if (!is<D>(entry.stage, EntryStage::moved) || !entry.migrate || !entry.has_dst) continue;
      const bool write = s.pte.at(m.mm, Num(v)).write &&
                         !(k.migrated_hole_is_mapped_read_only && is_hole<D>(entry));
      at(m.device.v, m.mm.v, v) = Entry{true, write, false, entry.dst};
    }
  }

  void unmapped_up_to(const Profile& k, unsigned mm, unsigned last) override {
    for (unsigned d = 0; d < D::scope.devices; ++d) do_update(k, d, mm, last);
  }

 private:
  // dmirror_interval_invalidate(), which does not listen to the device's own migrations, and
  // dmirror_do_update() of a range that ends with this page: it takes the end of the range, which
  // is exclusive, for inclusive, and so drops the entry of the page after it too.
  void do_update(const Profile& k, unsigned device, unsigned mm, unsigned vpn) {
    at(device, mm, vpn) = Entry{};
    if (k.dmirror_update_end_inclusive && vpn + 1 < D::scope.vpns)
      at(device, mm, vpn + 1) = Entry{};
  }

  // The driver gave the page a destination. dmirror_migrate_alloc_and_copy() notes whose it is; on
  // the way back dmirror_devmem_fault_alloc_and_copy() drops the entry of that process (for a CPU
  // fault), or of the one that asked, at the page's address.
  void alloc_and_copy(const Migration<D>& m, Num vpn, const MigrateEntry<D>& entry) {
    if (m.by_pfn) return;
    if (m.to_device)
      owner_[entry.dst.v] = m.mm.v;
    else
      at(m.device.v, m.for_fault ? owner_[entry.src.v] : m.mm.v, vpn.v) = Entry{};
  }

  std::array<std::array<std::array<Entry, D::scope.vpns>, D::scope.mms>, D::scope.devices> entry_{};
  std::array<unsigned, 1 + frames_of(D::scope)> owner_{};
  std::array<std::array<std::size_t, D::scope.mms>, D::scope.devices> told_{};
};

}  // namespace hmm
