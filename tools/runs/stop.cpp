#include "tools/runs/stop.h"

#include <fmt/format.h>
#include <pthread.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>

namespace hmm {
namespace {

sigset_t end_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

// As by nohup, or by a shell of what it runs in the background.
bool is_ignored(int signal) {
  struct sigaction action {};
  return sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

using Clock = std::chrono::steady_clock;

double spent_since(Clock::time_point begun) {
  return std::chrono::duration<double>(Clock::now() - begun).count();
}

timespec to_timespec(double seconds) {
  const double whole = std::clamp(seconds, 0.0, 1e9);
  const auto full = static_cast<time_t>(whole);
  return {full, static_cast<long>((whole - static_cast<double>(full)) * 1e9)};
}

}  // namespace

Stop::Stop(std::optional<double> seconds, Signals signals) : seconds_(seconds), signals_(signals) {
  // Threads that begin from here on leave the signals to the one that waits for them.
  const sigset_t set = end_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  try {
    waiting_ = std::thread([this] { wait(); });
  } catch (...) {
    pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
    throw;
  }
  if (signals_ == Signals::left) pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

Stop::~Stop() {
  ended_ = true;
  pthread_kill(waiting_.native_handle(), SIGTERM);
  waiting_.join();
  const sigset_t set = end_signals();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

void Stop::wait() {
  const auto begun = Clock::now();
  Clock::time_point first;
  const sigset_t set = end_signals();
  constexpr double kForever = 1e9;
  double budget = seconds_.value_or(kForever);
  while (!ended_) {
    const timespec left = to_timespec(budget - spent_since(begun));
    const int signal = sigtimedwait(&set, nullptr, &left);
    if (ended_) return;
    if (signal < 0 && errno == EAGAIN && budget < kForever) {
      budget = kForever;
      source_.request_stop();
    } else if (signal > 0 && !is_ignored(signal)) {
      // `timeout` sends one to the program and one to its group: only a later one is impatience.
      if (signal_ != 0 && spent_since(first) > 1) std::_Exit(128 + signal);
      if (signal_ != 0) continue;
      first = Clock::now();
      signal_ = signal;
      source_.request_stop();
    }
  }
}

std::string Stop::reason() const {
  if (signal_ != 0) return signal_ == SIGINT ? "SIGINT" : "SIGTERM";
  return fmt::format("--seconds {}", seconds_.value_or(0));
}

}  // namespace hmm
