#pragma once
#include "model/calls/anon_rmap.h"
#include "model/calls/areas.h"
#include "model/calls/result.h"
#include "model/calls/told.h"
#include "model/steps.h"

// Who makes calls: it changes the state by taking steps of the model and in no other way.
namespace hmm {

// A step that has taken effect, as a driver sees it.
template <class D>
struct Taken {
  const Profile& profile;
  const State<D>& before;
  const State<D>& after;
  Told<D> told;
};
template <class D>
struct Driver {
  virtual void took(const Taken<D>& step) = 0;
  // The kernel opens one range for a munmap that may end in a hole; the model one for each vma.
  virtual void unmapped_up_to(const Profile& k, unsigned mm, unsigned last) = 0;

 protected:
  ~Driver() = default;
};

// Is told of each step when it has taken effect.
template <class D>
struct StepListener {
  virtual void after(const Profile&, const State<D>&, const Step<D>&, Verdict) = 0;

 protected:
  ~StepListener() = default;
};

// The notifier slot of a call that others overtake; all calls use the slot 0.
template <class D>
inline constexpr unsigned kHeldSlot = D::scope.invalidations - 1;

template <class D>
class Caller {
  static_assert(!D::selects, "calls branch on what they see");
  using Num = typename D::Num;

 public:
  Caller(const Profile& k, State<D>& s) : profile(k), state(s) {}

  const Profile& profile;
  State<D>& state;
  Areas<D> areas{profile};
  Driver<D>* driver = nullptr;
  StepListener<D>* observer = nullptr;

  // The step that the call needed and the model refused; the call is then over.
  bool is_stuck() const { return stuck_step_ != nullptr; }
  const char* stuck_step() const { return stuck_step_; }
  Verdict stuck_verdict() const { return stuck_verdict_; }
  void get_stuck(const char* step, Verdict verdict) {
    if (is_stuck()) return;
    stuck_step_ = step;
    stuck_verdict_ = verdict;
  }

  // remove_migration_ptes() followed a frame to an anon_vma that was freed. What a kernel does from
  // there on is undefined.
  bool walked_freed_anon_vma = false;

  // What it keeps beside the state is as with the other.
  void assume(const Caller& other) {
    areas = other.areas;
    stuck_step_ = other.stuck_step_;
    stuck_verdict_ = other.stuck_verdict_;
  }

  template <class S>
  Verdict run(const S& step) {
    const auto v = step.check(profile, state);
    const auto verdict = static_cast<Verdict>(v.v);
    if (!takes_effect(verdict)) return verdict;
    take_effect(step, v);
    if (observer != nullptr) observer->after(profile, state, Step<D>(step), verdict);
    return verdict;
  }
  // Takes a step that was checked. What stands beside the state follows what the step does,
  // whichever it is.
  template <class S>
  void take_effect(const S& step, const Num& verdict) {
    if (profile.restore_walks_freed_anon_vma &&
        walks_freed_anon_vma<D>(profile, state, areas, step, verdict))
      walked_freed_anon_vma = true;
    const State<D> before = state;
    apply_step<D>(profile, state, step, verdict);
    AnonRmap<D>(before, state, areas).follow();
    if (driver != nullptr)
      driver->took({profile, before, state, told_by<D>(profile, before, step, verdict)});
  }

  // A step that nothing can stop here.
  template <class S>
  Verdict must(const S& step) {
    if (is_stuck()) return stuck_verdict_;
    const Verdict verdict = run(step);
    if (!takes_effect(verdict)) get_stuck(S::name, verdict);
    return verdict;
  }

  // The allocators give the lowest free frame.
  Num free_system_page() const { return lowest_free(range_of(sort::system_pfn, D::scope)); }
  Num free_page_of(unsigned device) const {
    return lowest_free(pfns_where(
        D::scope, [device](const Zone& zone) { return zone.is_owned() && zone.owner == device; }));
  }
  bool is_in_use(unsigned device) const {
    bool used = false;
    for_each<D, sort::device_pfn>([&](unsigned p) {
      used = used || (is_memory_of<D>(Num(p), Num(device)) && !is_free<D>(state, Num(p)));
    });
    return used;
  }

  Vma<D> vma(unsigned mm, unsigned vpn) const { return state.vma.at(Num(mm), Num(vpn)); }
  Pte<D> pte(unsigned mm, unsigned vpn) const { return state.pte.at(Num(mm), Num(vpn)); }
  bool has_pte(unsigned mm, unsigned vpn, PteKind kind) const {
    return is<D>(pte(mm, vpn).kind, kind);
  }
  bool is_shared_mapping(unsigned mm, unsigned vpn) const { return is_shared<D>(vma(mm, vpn)); }
  bool has_zero_page(unsigned mm, unsigned vpn) const {
    return has_pte(mm, vpn, PteKind::present) && is_zero_pfn<D>(pte(mm, vpn).pfn);
  }

  // Those who may map the frame, in the order in which the kernel looks for them: the pages that
  // lie as far into their vmas' anon_vma or file as one that maps it. None if nobody maps it.
  template <class Visit>
  void for_each_linked(Num pfn, Visit&& visit) const {
    for (unsigned mm = 0; mm < D::scope.mms; ++mm)
      for (unsigned vpn = 0; vpn < D::scope.vpns; ++vpn)
        if (is_mapping<D>(profile, pte(mm, vpn), pfn)) {
          areas.for_each_linked(pfn.v, mm, vpn, visit);
          return;
        }
  }

  // Everything under a notifier range that changes ptes one by one.
  template <class ChangePte>
  void change_range(unsigned slot, ChangePte&& change) {
    call_back(slot);
    for (unsigned v = 0; v < D::scope.vpns; ++v)
      if (!is_stuck() && state.invalidation.at(Num(slot)).todo.at(Num(v))) change(Num(v));
    must(MmuNotifierInvalidateRangeEnd<D>{.slot = Num(slot)});
  }
  void call_back(unsigned slot) {
    for_each<D, sort::device>(
        [&](unsigned d) { must(MnItreeInvalidate<D>{.slot = Num(slot), .device = Num(d)}); });
  }

 private:
  Num lowest_free(Range range) const {
    for (unsigned p = range.first; p < range.first + range.count; ++p)
      if (is_free<D>(state, Num(p))) return Num(p);
    return Num(range.first);  // which is not free: the step will say so
  }

  const char* stuck_step_ = nullptr;
  Verdict stuck_verdict_ = Verdict::ok;
};

}  // namespace hmm
