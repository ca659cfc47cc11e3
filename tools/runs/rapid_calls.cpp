#include "tools/runs/rapid_calls.h"

#include <rapidcheck.h>

#include <algorithm>

#include "tools/runs/rapid_calls_draw.h"
#include "tools/runs/recording_properties.h"
#include "traces/conform_run.h"
#include "traces/recording_order.h"

namespace hmm {
namespace {

using Calls = std::vector<RecordedCall>;

// A run of the model's that goes back from a call that no recording can have.
class Run {
 public:
  explicit Run(const ConformOptions& options) : run_(options), before_(options) {}

  // Makes the call, if it may stand here and the model knows it: with its answer. Nothing is
  // changed if it may not, but that the run may be over.
  bool make(RecordedCall& call) {
    if (!call.result.is(Outcome::held)) call.result = {};
    if (order_.expected_instead_of(call)) return false;
    can_undo_ = !run_.is_under_way();
    if (can_undo_) before_.assume(run_);
    call.result = run_.call(call);
    const bool is_broken = !run_.failure().empty();
    const bool may_stand = call.result.unknown.empty() && !order_.expected_instead_of(call);
    // What comes of a call in which a property broke may be unknown; it ends its trace.
    if (is_broken && !may_stand) call.result = Outcome::oops;
    if (is_broken || may_stand) {
      order_.take(call);
      return true;
    }
    is_over_ = !can_undo_;
    if (can_undo_) run_.assume(before_);
    return false;
  }
  // Takes back the last call. What is under way can be neither copied nor taken back.
  bool can_undo() const { return can_undo_; }
  void undo(const CallOrder& order) {
    run_.assume(before_);
    order_ = order;
  }
  // Nobody can say what came of the last call, and it cannot be taken back.
  bool is_over() const { return is_over_; }

  const CallOrder& order() const { return order_; }
  const ConformRun& model() const { return run_; }

 private:
  ConformRun run_, before_;
  bool can_undo_ = true, is_over_ = false;
  CallOrder order_;
};

class RapidCalls {
 public:
  RapidCalls(const Profile& k, const RapidCallsOptions& options) : options_(options) {
    model_.profile = k;
    model_.violated = [this](const Profile& profile, const State<RecordingDomain>& s) {
      return violated_names_of(wanted_, profile, s);
    };
    result_.times.resize(kCalls);
  }
  RapidCalls(const RapidCalls&) = delete;
  RapidCalls& operator=(const RapidCalls&) = delete;

  RapidCallsResult run() {
    while (result_.failure.empty() && result_.sequences < options_.sequences &&
           result_.calls < options_.calls && !is_over()) {
      sequence();
      if (options_.progress) options_.progress(result_.sequences);
    }
    return result_;
  }

  // The first sequence, whatever it violates.
  RecordedTrace first() { return answered(drawn(rc::Random({options_.seed, 1, 1, 0}))); }

 private:
  bool is_over() const { return options_.stop.stop_requested(); }

  void sequence() {
    const rc::Gen<Calls> gen(
        [this](const rc::Random& random, int) { return shrinkable(drawn(random)); });
    const auto value = gen(rc::Random({options_.seed, ++result_.sequences, 1, 0}));
    const Answer answer = answered(value.value(), nullptr);
    if (answer.failure.empty()) return;
    // Of those that the model cannot play, one is enough to see why.
    if (!answer.is_violated && result_.refused++ != 0) return;
    result_.found_in = result_.sequences;
    result_.trace = answered(shrunk(value, answer));
    (answer.is_violated ? result_.failure : result_.refusal) = answer.failure;
  }

  // Calls up to the first that goes wrong. What fails or does nothing is drawn
  // anew, most of the time.
  Calls drawn(const rc::Random& random) {
    CallDraws draws(random);
    Run run(model_);
    Calls calls;
    Calls under_way;
    for (unsigned tries = 40 * options_.length; tries > 0 && !is_over(); --tries) {
      if (calls.size() == options_.length || result_.calls == options_.calls) break;
      RecordedCall call =
          !under_way.empty() && draws.once_in(3) ? draws.one_of(under_way) : draws.draw();
      if (!options_.may_hold) call.result = {};
      const CallOrder order = run.order();
      const RecordedCall asked = call;
      if (run.is_over()) break;
      if (!run.make(call)) continue;
      const bool failed = call.result.ends_in(Ending::error) || call.result.ends_in(Ending::signal);
      const bool idle = failed || run.model().steps().empty();
      if (run.model().failure().empty() && idle && run.can_undo() && !draws.once_in(16)) {
        run.undo(order);
        continue;
      }
      ++result_.calls;
      result_.steps += run.model().steps().size();
      if (!failed) ++result_.succeeded, ++result_.times[call.what.index()];
      calls.push_back(call);
      draws.took(call);
      if (call.result.is(Outcome::held)) ++result_.held_at[std::string(call.result.held_at)];
      std::erase_if(under_way, [&](const auto& one) { return asked.repeats(one); });
      if (call.result.ends_in(Ending::under_way))
        under_way.push_back(asked), under_way.back().result = {};
      if (!run.model().failure().empty() || call.result.ends_in(Ending::no_return)) break;
    }
    return calls;
  }

  // What went wrong with the last of some calls, if anything did: a property is violated, or the
  // model refused a step that the call needed.
  struct Answer {
    std::string failure;
    bool is_violated = false;
    bool operator==(const Answer&) const = default;
  };

  // The calls as they are made, those left out that cannot be, up to the first that goes wrong.
  RecordedTrace answered(const Calls& calls) const {
    RecordedTrace trace;
    trace.seed = options_.seed;
    answered(calls, &trace);
    return trace;
  }
  Answer answered(const Calls& calls, RecordedTrace* trace) const {
    Run run(model_);
    for (RecordedCall call : calls) {
      if (run.is_over()) break;
      if (!run.make(call)) continue;
      if (trace != nullptr)
        trace->steps.push_back(
            {call, run.order().is_settled() ? run.model().observe() : std::vector<Observation>{}});
      if (!run.model().failure().empty())
        return {run.model().failure(), !run.model().violated().empty()};
    }
    return {};
  }

  static rc::Shrinkable<Calls> shrinkable(Calls calls) {
    return rc::shrinkable::shrinkRecur(std::move(calls), [](const Calls& from) {
      return rc::seq::concat(rc::shrink::removeChunks(from),
                             rc::shrink::eachElement(from, [](const RecordedCall& call) {
                               return rc::seq::fromContainer(smaller_calls(call));
                             }));
    });
  }

  // The smallest of the tree that still goes wrong in the same way, as far as the first that do
  // lead.
  Calls shrunk(rc::Shrinkable<Calls> from, const Answer& answer) const {
    for (bool smaller = true; smaller;) {
      smaller = false;
      auto shrinks = from.shrinks();
      for (auto next = shrinks.next(); next && !smaller && !is_over(); next = shrinks.next())
        if (answered(next->value(), nullptr) == answer) {
          from = *next;
          smaller = true;
        }
    }
    return from.value();
  }

  const RapidCallsOptions& options_;
  PropertySet wanted_ = options_.properties;
  ConformOptions model_;
  RapidCallsResult result_;
};

}  // namespace

RapidCallsResult rapid_calls(const Profile& k, const RapidCallsOptions& options) {
  return RapidCalls(k, options).run();
}

std::vector<RecordedTrace> draw_traces(const Profile& k, std::uint64_t seed, std::size_t traces,
                                       unsigned length) {
  std::vector<RecordedTrace> all;
  RapidCallsOptions options;
  options.length = length;
  options.may_hold = false;
  options.properties = 0;
  for (std::size_t i = 0; i < traces; ++i) {
    options.seed = seed + i;
    all.push_back(RapidCalls(k, options).first());
  }
  return all;
}

}  // namespace hmm
