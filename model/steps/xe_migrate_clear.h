#pragma once
#include "model/buffer.h"
#include "model/verdict.h"

namespace hmm {

// The device clears a buffer for which nobody waited.
//
// Kernel: 7.3 drivers/gpu/drm/xe/xe_migrate.c xe_migrate_clear() queues it when a buffer is made,
// and before 754c23238438 a migration that copied nothing did not wait for it. Elsewhere memory is
// clear when it is handed out.
template <class D>
struct XeMigrateClear {
  using Num = typename D::Num;
  static constexpr const char* name = "xe_migrate_clear";
  static constexpr std::array verdicts{Verdict::ok, Verdict::not_in_flight};

  Num pfn{};

  static constexpr auto fields() {
    return Fields{field("pfn", &XeMigrateClear::pfn, sort::buffered_pfn)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    return Guards<D>(k, name)
        .end_if("clearing", !s.buffer.at(pfn).clearing, Verdict::not_in_flight)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    if (does("clear")) s.page.update([](Page<D>& p) { p.contents = Num(0); }, pfn);
    if (does("end")) s.buffer.update([](Buffer<D>& b) { b.clearing = false; }, pfn);
  }
};

}  // namespace hmm
