#pragma once
#include <algorithm>
#include <array>
#include <string_view>

#include "model/domain/domain.h"

// What the rules' texts name, told by the texts themselves.
namespace hmm {

// A guard refuses a step, or decides how it goes; a filter stands inside a step and leaves out what
// does not pass; an effect changes the state.
enum class RuleKind : unsigned { guard, filter, effect };

struct RuleNote {
  std::string_view of, word;
  RuleKind kind = RuleKind::effect;
  unsigned verdict = 0;  // of a guard
  friend constexpr bool operator==(const RuleNote&, const RuleNote&) = default;
};

// In the order in which the texts come by them, each once.
class RuleNotes {
 public:
  static constexpr std::size_t kMost = 1024;  // more is an exception

  void add(const RuleNote& note) {
    if (std::find(begin(), end(), note) == end()) notes_.at(size_++) = note;
  }
  const RuleNote* begin() const { return notes_.data(); }
  const RuleNote* end() const { return begin() + size_; }

 private:
  std::array<RuleNote, kMost> notes_{};
  std::size_t size_ = 0;
};

// Values of which nothing is known.
struct SurveyBool {
  constexpr SurveyBool(bool = false) {}
  explicit operator bool() const = delete;

  friend constexpr SurveyBool operator!(SurveyBool) { return {}; }
  friend constexpr SurveyBool operator&&(SurveyBool, SurveyBool) { return {}; }
  friend constexpr SurveyBool operator||(SurveyBool, SurveyBool) { return {}; }
  friend constexpr SurveyBool operator==(SurveyBool, SurveyBool) { return {}; }
  friend constexpr SurveyBool operator!=(SurveyBool, SurveyBool) { return {}; }
};
struct SurveyNum {
  constexpr SurveyNum(unsigned = 0) {}

  friend constexpr SurveyNum operator+(SurveyNum, SurveyNum) { return {}; }
  friend constexpr SurveyNum operator-(SurveyNum, SurveyNum) { return {}; }
  friend constexpr SurveyBool operator==(SurveyNum, SurveyNum) { return {}; }
  friend constexpr SurveyBool operator!=(SurveyNum, SurveyNum) { return {}; }
  friend constexpr SurveyBool operator<(SurveyNum, SurveyNum) { return {}; }
};

constexpr SurveyBool ite(SurveyBool, SurveyBool, SurveyBool) { return {}; }
constexpr SurveyNum ite(SurveyBool, SurveyNum, SurveyNum) { return {}; }
constexpr SurveyBool implies(SurveyBool, SurveyBool) { return {}; }
constexpr SurveyNum to_num(SurveyBool) { return {}; }

// Whatever may be changed is changed.
template <class T, class Change>
constexpr void when(SurveyBool, T& target, Change&& change) {
  change(target);
}

// Runs a rule's whole text, whatever its conditions, and writes down what it names.
template <Scope S>
struct Survey {
  static constexpr Scope scope = S;
  static constexpr bool selects = true;
  using Bool = SurveyBool;
  using Num = SurveyNum;

  // Where this thread's survey writes.
  static inline thread_local RuleNotes* notes = nullptr;
};
static_assert(ValueDomain<Survey<Scope{}>>);

// The text comes by a rule; nothing but a survey wants to know.
template <class D>
[[gnu::always_inline]] constexpr void note_rule(const RuleNote& note) {
  if constexpr (requires { D::notes; }) D::notes->add(note);
}

}  // namespace hmm
