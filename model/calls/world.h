#pragma once
#include "model/calls/calls.h"
#include "model/calls/dmirror_exclusive.h"
#include "model/calls/dmirror_migrate.h"
#include "model/calls/process.h"
#include "model/run.h"

// A machine on which processes make calls.
namespace hmm {

template <class D>
class World {
 public:
  State<D> state = initial_state<D>();
  DmirrorTable<D> table{};
  Pipes<D> pipes{};
  Caller<D> caller;

  explicit World(const Profile& k) : caller(k, state) { caller.driver = &table; }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  // A process makes a call.
  CallResult call(unsigned mm, const Call& call) {
    return std::visit([&](const auto& one) { return one.run(*this, mm); }, call);
  }
  // Goes on from where the other is.
  void assume(const World& other) {
    state = other.state;
    table = other.table;
    pipes = other.pipes;
    caller.assume(other.caller);
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
