#pragma once
#include "model/notifier.h"
#include "model/swap.h"
#include "model/verdict.h"

namespace hmm {

// The pte of the page becomes a device exclusive entry, if it still maps the page. Nobody else can:
// a writable page is mapped once, and fork needs the mmap lock.
//
// Kernel: mm/rmap.c page_make_device_exclusive_one(): one step under the pte lock, after the
// callbacks of its range. The page is locked, so it is not migrated meanwhile. 7.3 mm/rmap.c
// make_device_exclusive() looks again whether it may be written, too; nobody takes that meanwhile.
template <class D>
struct PageMakeDeviceExclusiveOne {
  using Num = typename D::Num;
  static constexpr const char* name = "page_make_device_exclusive_one";
  static constexpr std::array verdicts{Verdict::ok, Verdict::changed, Verdict::wrong_stage,
                                       Verdict::not_pending};

  Num slot{};

  static constexpr auto fields() {
    return Fields{field("slot", &PageMakeDeviceExclusiveOne::slot, sort::exclusive)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const auto f = s.device_fault.at(slot);
    const auto inv = s.invalidation.at(f.invalidation);
    return Guards<D>(k, name)
        .end_if("wrong_stage", !is<D>(f.stage, DeviceFaultStage::excluding), Verdict::wrong_stage)
        .end_if("callbacks", waits_for_callbacks<D>(k, inv), Verdict::not_pending)
        .end_if("not_pending", !inv.todo.at(f.vpn), Verdict::not_pending)
        .end_if("pte_changed", !maps<D>(s.pte.at(f.mm, f.vpn), f.pfn), Verdict::changed)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    const auto f = s.device_fault.at(slot);
    const auto ok = is<D>(verdict, Verdict::ok);
    if (does("done")) pte_is_changed<D>(s, f.invalidation, f.vpn);
    if (does("write")) s.device_fault.update([&](DeviceFault<D>& x) { x.write = ok; }, slot);
    // The entry keeps the mapping's reference, and in some kernels the mapping; then it is of one
    // kind, and says nothing of the right to write.
    when(ok, s, [&](State<D>& t) {
      if (does("set_pte"))
        t.pte.update(
            [&](Pte<D>& p) {
              p.kind = num<D>(PteKind::device_exclusive);
              p.read = false;
              if (k.exclusive_keeps_rmap) p.write = false;
              p.dirty = false;
            },
            f.mm, f.vpn);
      if (!k.exclusive_keeps_rmap && does("remove_rmap")) remove_rmap<D>(t, f.pfn);
      // mm/gup.c follow_page_pte(), FOLL_TOUCH: though nobody has written yet.
      if (does("mark_dirty")) mark_dirty<D>(t, f.pfn, true);
    });
  }
};

}  // namespace hmm
