#pragma once
#include "model/domain/survey.h"
#include "model/profile.h"

// The words by which the lines of a rule's text are named from outside: model/rules.h.
namespace hmm {

// The dropped rules of one text. With nothing dropped, asking costs one test.
template <class D>
class DropsOf {
 public:
  // `k` must outlive this.
  constexpr DropsOf(const Profile& k, std::string_view of)
      : drops_(!k.drops.empty() ? &k.drops : nullptr), of_(of) {}
  [[gnu::always_inline]] constexpr bool has(std::string_view word) const {
    if (drops_ == nullptr) [[likely]]
      return false;
    return drops_->has({of_, word});
  }
  constexpr std::string_view of() const { return of_; }

 private:
  const Drops* drops_;  // null if there are none at all
  std::string_view of_;
};

// The filters, or the effects, of one step or kernel function:
//
//   const Effects<D> does(k, name);
//   if (does("put_page")) put_page<D>(k, s, pfn);
//
// A word is asked for where it is meant and nowhere else, in plain control flow: it is a constant
// of the run, not a value of the domain.
template <class D, RuleKind kind>
class Words {
 public:
  constexpr Words(const Profile& k, std::string_view of) : dropped_(k, of) {}
  [[gnu::always_inline]] constexpr bool operator()(std::string_view word) const {
    note_rule<D>({dropped_.of(), word, kind});
    return !dropped_.has(word);
  }

 private:
  DropsOf<D> dropped_;
};
template <class D>
using Effects = Words<D, RuleKind::effect>;
template <class D>
using Filters = Words<D, RuleKind::filter>;

}  // namespace hmm
