#pragma once
#include "traces/conform.h"
#include "traces/under_way.h"

// One trace of a recording, call by call through the model.
namespace hmm {

// What a call does on its way through the kernel: it takes a step, or comes by a place where it can
// be held.
struct OnTheWay {
  PlainStep step;
  Verdict verdict = Verdict::ok;
  std::string_view place{};  // `at FUNCTION` or `after FUNCTION`; empty for a step
  unsigned lane = 0;         // of the call that comes by
};

// Keeps the steps that a call takes, and the first answer to the question for violated properties,
// asked after each.
class StepWatch : public StepListener<RecordingDomain> {
 public:
  explicit StepWatch(const ConformOptions& options) : options_(options) {}
  void after(const Profile& k, const State<RecordingDomain>& s, const Step<RecordingDomain>& step,
             Verdict verdict) override;
  void comes_by(std::string_view when, std::string_view function, unsigned lane) override;
  void forget_steps();
  // One line for each step of the call, with its verdict.
  std::vector<std::string> steps() const;
  // The same with the states, if ConformOptions::after_call asks for them.
  const std::vector<TakenStep>& taken() const { return taken_; }
  // The same with the places in between.
  std::vector<OnTheWay> way() const;
  // The properties that were violated first, and after which step; empty if none was.
  const std::vector<std::string>& violated() const { return violated_; }
  std::string found() const;
  // Those are known, and no longer looked at.
  void tolerate_violated();
  void assume(const StepWatch& other) { tolerated_ = other.tolerated_; }

 private:
  const ConformOptions& options_;
  struct Place {
    std::size_t before;  // which step
    std::string_view when, function;
    unsigned lane;
  };
  std::vector<std::pair<Step<RecordingDomain>, Verdict>> steps_;
  std::vector<Place> places_;
  std::vector<TakenStep> taken_;
  std::vector<std::string> violated_, tolerated_;
  const char* after_ = nullptr;
};

class ConformRun {
  using D = RecordingDomain;

 public:
  explicit ConformRun(const ConformOptions& options);
  ConformRun(const ConformRun&) = delete;
  ConformRun& operator=(const ConformRun&) = delete;

  CallResult call(const RecordedCall& c);
  // What stopped the model in the middle of a call, or a property that broke; empty if all is well.
  std::string failure() const;
  // Nobody can say what comes of the last call.
  bool is_undefined() const { return world_.caller.walked_freed_anon_vma; }
  const std::vector<std::string>& violated() const { return watch_.violated(); }
  void tolerate_violated() { watch_.tolerate_violated(); }
  // Of each living process, frames numbered by first appearance.
  std::vector<Observation> observe() const;
  std::vector<std::string> steps() const { return watch_.steps(); }
  const std::vector<TakenStep>& taken() const { return watch_.taken(); }
  std::vector<OnTheWay> way() const { return watch_.way(); }
  // A call is held, or waits.
  bool is_under_way() const { return under_way_.any(); }
  // Goes on from where the other is, which has no call under way.
  void assume(const ConformRun& other);

 private:
  Observation observe(unsigned mm) const;
  SeenPage observe_page(unsigned mm, unsigned vpn) const;
  SeenPage observe_pte(unsigned mm, unsigned vpn) const;

  const ConformOptions& options_;
  SwapConfig config_;
  World<D> world_{options_.profile};
  StepWatch watch_;
  UnderWay under_way_{world_};
};

// conform() and shrink_divergence() with the text that is compiled here.
void conform_own(const Recording& recording, const ConformOptions& options, ConformReport& report);
RecordedTrace shrink_own(const RecordedTrace& trace, const ConformOptions& options);

// Numbers the frames of a group of observations by first appearance.
void rename_frames(std::vector<Observation>& group);

}  // namespace hmm
