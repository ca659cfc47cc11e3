#pragma once
#include <atomic>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

namespace hmm {

// What ends a run before it is through: so many seconds, Ctrl-C or SIGTERM. While it lives, the
// latter two ask the run to stop instead of ending the program, which only another one does that
// comes a second later; unless they are left alone.
class Stop {
 public:
  enum class Signals { taken, left };
  explicit Stop(std::optional<double> seconds, Signals signals = Signals::taken);
  Stop(const Stop&) = delete;
  ~Stop();

  std::stop_token token() const { return source_.get_token(); }
  bool is_asked() const { return source_.stop_requested(); }
  int signal() const { return signal_; }  // that asked; 0 if none did
  // `SIGINT`, or `--seconds 10`.
  std::string reason() const;

 private:
  void wait();

  std::optional<double> seconds_;
  Signals signals_;
  std::stop_source source_;
  std::atomic<int> signal_ = 0;
  std::atomic<bool> ended_ = false;
  std::thread waiting_;
};

}  // namespace hmm
