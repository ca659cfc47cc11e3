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
  // migrate_vma_pages() has returned to it, for the migration of that slot.
  virtual void moved(const Profile& k, const State<D>& s, typename D::Num slot) = 0;
  // The kernel opens one range for a munmap that may end in a hole; the model one for each vma.
  virtual void unmapped_up_to(const Profile& k, unsigned mm, unsigned last) = 0;

 protected:
  ~Driver() = default;
};

// Is told of each step when it has taken effect, and of the functions of the kernel that a call
// comes to.
template <class D>
struct StepListener {
  virtual void after(const Profile&, const State<D>&, const Step<D>&, Verdict) = 0;
  // `at` or `after` that function, by the call that has that slot.
  virtual void comes_by(std::string_view, std::string_view, unsigned) {}

 protected:
  ~StepListener() = default;
};

// Lets calls be under way side by side: told where in the kernel a call is, it may let others go on
// before that does. A call that stops so goes on in a state that others have changed.
struct Turns {
  // The call comes to a function of the kernel, or is through with it.
  virtual void enters(std::string_view function) = 0;
  virtual void leaves(std::string_view function) = 0;
  // The call cannot go on as things are. False if there is nobody who could change that.
  virtual bool wait() = 0;
  // Which of the state's slots are the call's own.
  virtual unsigned lane() const = 0;
  // The mmap lock of an address space is the call's, for reading or to write, once more or less
  // often; whether it is, and whether other calls have it so.
  virtual void lock(unsigned mm, bool to_write, bool takes_it) = 0;
  virtual bool has_lock(unsigned mm, bool to_write) const = 0;
  virtual bool others_have_lock(unsigned mm, bool to_write) const = 0;
  // The call waits for it, or no longer; and whether it may not overtake others that have waited
  // longer.
  virtual void queue(unsigned mm, bool to_write, bool waits) = 0;
  virtual bool is_behind_others(unsigned mm) const = 0;
  virtual bool others_queue(unsigned mm) const = 0;
  // It comes to a lock that nobody has and that others wait for: who is first nobody can say.
  virtual void races() = 0;

 protected:
  ~Turns() = default;
};

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
  Turns* turns = nullptr;  // none: no other call is under way

  // The step that the call needed and the model refused; the call is then over.
  bool is_stuck() const { return stuck_step_ != nullptr; }
  const char* stuck_step() const { return stuck_step_; }
  Verdict stuck_verdict() const { return stuck_verdict_; }
  void get_stuck(const char* step, Verdict verdict) {
    if (is_stuck()) return;
    stuck_step_ = step;
    stuck_verdict_ = verdict;
  }

  // The slot of each table of the state that is about what is under way.
  Num slot() const { return Num(turns == nullptr ? 0 : turns->lane()); }
  // For others to change what keeps the call from going on; false if nobody could.
  bool wait() {
    ++waits_;
    return turns != nullptr && turns->wait();
  }
  std::size_t waits() const { return waits_; }

  // Somebody else has the mmap lock to write.
  bool is_write_locked(unsigned mm) const {
    return mmap_write_locked<D>(state, Num(mm)) ||
           (turns != nullptr && turns->others_have_lock(mm, true));
  }
  // include/linux/mmap_lock.h mmap_read_lock() or mmap_write_lock(), until it goes out of scope;
  // vma_end_write_all() gives back the locks of vmas too. Who waits gets it in its turn, readers
  // together (kernel/locking/rwsem.c rwsem_mark_wake()). One call may take it twice.
  class MmapLock {
   public:
    MmapLock(Caller& c, unsigned mm, bool to_write) : c_(c), mm_(mm), to_write_(to_write) {
      if (c.turns == nullptr) return;
      if (!c.turns->has_lock(mm, true) && (to_write || !c.turns->has_lock(mm, false))) get();
      c.turns->lock(mm, to_write, true);
    }
    MmapLock(const MmapLock&) = delete;
    MmapLock& operator=(const MmapLock&) = delete;
    ~MmapLock() {
      if (c_.turns == nullptr) return;
      c_.turns->lock(mm_, to_write_, false);
      if (to_write_ && !c_.turns->has_lock(mm_, true)) c_.areas.write_unlock(mm_);
    }

   private:
    void get() {
      c_.turns->queue(mm_, to_write_, true);
      while (is_taken() || c_.turns->is_behind_others(mm_)) {
        if (is_free()) c_.turns->races();
        if (!c_.wait()) {
          c_.get_stuck("mmap_lock", Verdict::mmap_lock_wait);
          break;
        }
      }
      c_.turns->queue(mm_, to_write_, false);
    }
    bool is_free() const {
      return !mmap_locked<D>(c_.profile, c_.state, Num(mm_)) &&
             !c_.turns->others_have_lock(mm_, false) && !c_.turns->others_have_lock(mm_, true);
    }
    bool is_taken() const { return to_write_ ? !is_free() : c_.is_write_locked(mm_); }

    Caller& c_;
    unsigned mm_;
    bool to_write_;
  };
  struct MmapWriteLock : MmapLock {
    MmapWriteLock(Caller& c, unsigned mm) : MmapLock(c, mm, true) {}
  };
  struct MmapReadLock : MmapLock {
    MmapReadLock(Caller& c, unsigned mm) : MmapLock(c, mm, false) {}
  };

  // remove_migration_ptes() followed a frame to an anon_vma that was freed. What a kernel does from
  // there on is undefined.
  bool walked_freed_anon_vma = false;

  // Why nobody can say what a call comes to, if so: who goes on first decides it.
  std::string_view unknown{};

  // What it keeps beside the state is as with the other.
  void assume(const Caller& other) {
    areas = other.areas;
    has_page_table_ = other.has_page_table_;
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
    for (unsigned mm = 0; mm < D::scope.mms; ++mm) follow_page_table(mm);
    if (driver != nullptr)
      driver->took({profile, before, state, told_by<D>(profile, before, step, verdict)});
  }

  // A step that nothing can stop here but what other calls that are under way have; once they have
  // gone on it may be that there is nothing left for it to do, and the caller looks again.
  template <class S>
  Verdict must(const S& step) {
    if (is_stuck()) return stuck_verdict_;
    Verdict verdict = run(step);
    bool waited = false;
    while (!takes_effect(verdict) && hmm::waits(verdict) && wait()) {
      waited = true;
      verdict = run(step);
    }
    if (!takes_effect(verdict) && !waited) get_stuck(S::name, verdict);
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
  // The pages of an address space have one page table. It is there once one of them has been
  // mapped, until none has a vma: mm/memory.c __pte_alloc(), free_pgtables(). Where it is not, a
  // walk comes by no function that it calls for page tables.
  bool has_page_table(unsigned mm) const { return has_page_table_[mm]; }
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

  // What a function of the kernel does: where a call may be stopped, before it and after.
  template <class Does>
  void inside(std::string_view function, Does&& does) {
    const bool is_place = turns != nullptr && !function.empty();
    if (observer != nullptr && !function.empty()) observer->comes_by("at", function, slot().v);
    if (is_place) turns->enters(function);
    does();
    if (observer != nullptr && !function.empty()) observer->comes_by("after", function, slot().v);
    if (is_place) turns->leaves(function);
  }

  // Everything under a notifier range that changes ptes one by one, in that function; in none where
  // it is done with the pte lock held.
  template <class ChangePte>
  void change_range(std::string_view function, ChangePte&& change) {
    call_back();
    const unsigned mm = state.invalidation.at(slot()).mm.v;
    inside(has_page_table(mm) ? function : std::string_view{}, [&] {
      for (unsigned v = 0; v < D::scope.vpns; ++v)
        if (!is_stuck() && state.invalidation.at(slot()).todo.at(Num(v))) change(Num(v));
    });
    must(MmuNotifierInvalidateRangeEnd<D>{.slot = slot()});
  }
  void call_back() {
    for_each<D, sort::device>(
        [&](unsigned d) { must(MnItreeInvalidate<D>{.slot = slot(), .device = Num(d)}); });
  }

 private:
  Num lowest_free(Range range) const {
    for (unsigned p = range.first; p < range.first + range.count; ++p)
      if (is_free<D>(state, Num(p))) return Num(p);
    return Num(range.first);  // which is not free: the step will say so
  }

  void follow_page_table(unsigned mm) {
    bool any_vma = false, any_pte = false;
    for (unsigned v = 0; v < D::scope.vpns; ++v) {
      any_vma = any_vma || vma(mm, v).mapped;
      any_pte = any_pte || !has_pte(mm, v, PteKind::none);
    }
    has_page_table_[mm] = any_vma && (has_page_table_[mm] || any_pte);
  }

  std::array<bool, D::scope.mms> has_page_table_{};
  std::size_t waits_ = 0;
  const char* stuck_step_ = nullptr;
  Verdict stuck_verdict_ = Verdict::ok;
};

}  // namespace hmm
