#pragma once
#include <optional>

#include "model/calls/calls.h"
#include "model/calls/dmirror_exclusive.h"
#include "model/calls/dmirror_migrate.h"
#include "model/calls/process.h"
#include "model/run.h"

// A machine on which processes make calls.
namespace hmm {

template <class D>
class World {
  struct Made {
    unsigned mm = 0;
    Call call{};
    friend bool operator==(const Made&, const Made&) = default;
  };
  std::optional<Made> held_{};

 public:
  State<D> state = initial_state<D>();
  DmirrorTable<D> table{};
  Pipes<D> pipes{};
  Caller<D> caller;

  explicit World(const Profile& k) : caller(k, state) { caller.driver = &table; }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  // A process makes a call, or goes on with the one that it made and that was held. `stops`: it is
  // to be held on its way, if it can be and there is anything to hold.
  CallResult call(unsigned mm, const Call& call, bool stops = false) {
    caller.walked_freed_anon_vma = false;
    return std::visit([&](const auto& one) { return make(mm, one, stops); }, call);
  }
  // Goes on from where the other is.
  void assume(const World& other) {
    held_ = other.held_;
    state = other.state;
    table = other.table;
    pipes = other.pipes;
    caller.assume(other.caller);
  }

 private:
  template <call::Type C>
  CallResult make(unsigned mm, const C& call, bool stops) {
    if constexpr (C::row.can_be_held()) {
      if (held_ == Made{mm, call}) {
        held_.reset();
        return call.go_on(*this, mm);
      }
      if (stops) {
        CallResult result = call.stop(*this, mm);
        if (!result.is(Outcome::held)) return result;
        held_ = Made{mm, call};
        result.held_at = C::row.held_at;
        return result;
      }
    }
    return call.run(*this, mm);
  }
};

// kernel/exit.c do_exit() of a process that opened every device, and then its pipes: the address
// space goes first, exit_files() then leaves each file to kernel/task_work.c task_work_run(), which
// takes the last first.
template <class D>
CallResult exit_and_close(World<D>& w, unsigned mm) {
  exit(w.caller, mm);
  close_pipes(w.caller, w.pipes, mm);
  for (unsigned d = D::scope.devices; d-- > 0;) dmirror_close(w.caller, d);
  return Outcome::ok;
}

}  // namespace hmm
