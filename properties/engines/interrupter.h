#pragma once
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

#include "model/domain/symbolic.h"

namespace hmm {

// While it lives, a stop that is asked for interrupts the solver of the thread that made it. Again
// and again, as an interrupt between two queries is lost.
class Interrupter {
 public:
  explicit Interrupter(const std::stop_token& stop) {
    if (!stop.stop_possible()) return;
    thread_ = std::jthread([stop, context = static_cast<Z3_context>(smt())](std::stop_token done) {
      std::mutex mutex;
      std::unique_lock lock(mutex);
      std::condition_variable_any never;
      while (!done.stop_requested()) {
        never.wait_for(lock, done, std::chrono::milliseconds(50), [] { return false; });
        if (stop.stop_requested()) Z3_interrupt(context);
      }
    });
  }

 private:
  std::jthread thread_;
};

// The solver's answer; unknown once a stop is asked for.
inline z3::check_result check(z3::solver& solver, const std::stop_token& stop) {
  return stop.stop_requested() ? z3::unknown : solver.check();
}

// Does what asks the solver, and interrupts that for a stop. False if it was.
template <class Task>
bool interruptibly(const std::stop_token& stop, Task&& task) {
  const Interrupter interrupter(stop);
  try {
    task();
  } catch (const z3::exception&) {
    // What is interrupted between queries says so by throwing.
    if (!stop.stop_requested()) throw;
  }
  return !stop.stop_requested();
}

}  // namespace hmm
