// Records are compared by their own list of fields, in every domain.
#include <catch2/catch.hpp>

#include "model/domain/lanes.h"
#include "model/domain/symbolic.h"
#include "model/scopes.h"
#include "model/state.h"

namespace hmm {
namespace {

// Calls visit(record with one leaf of it set) for each leaf.
template <class R, class Visit>
void for_each_single_leaf(Visit visit) {
  std::size_t leaves = 0;
  R blank{};
  for_each_leaf([&](auto&, const Sort&) { ++leaves; }, blank);
  for (std::size_t wanted = 0; wanted < leaves; ++wanted) {
    R record{};
    std::size_t i = 0;
    for_each_leaf(
        [&](auto& leaf, const Sort&) {
          if (i++ == wanted) leaf = true;
        },
        record);
    visit(record);
  }
}

}  // namespace

TEMPLATE_TEST_CASE("a record is blank if no leaf of it is set", "", Pte<Concrete<kPair>>,
                   Vma<Concrete<kPair>>, Page<Concrete<kPair>>, Invalidation<Concrete<kPair>>) {
  CHECK(is_blank(TestType{}));
  CHECK(same(TestType{}, TestType{}));
  for_each_single_leaf<TestType>([](const TestType& record) {
    CHECK_FALSE(is_blank(record));
    CHECK_FALSE(same(record, TestType{}));
    CHECK(same(record, record));
  });
}

TEST_CASE("what is left out may differ, and nothing else") {
  using R = Pte<Concrete<kPair>>;
  R a{}, b{};
  a.write = true;
  CHECK(same_but(a, b, &R::write));
  CHECK_FALSE(same_but(a, b, &R::read));
  CHECK(is_blank(a, &R::write));
  b.pfn = 1u;
  CHECK_FALSE(same_but(a, b, &R::write));
  CHECK(same_but(a, b, &R::write, &R::pfn));
}

TEST_CASE("records of formulas and of many states are compared so too") {
  using Sym = Pte<Symbolic<kPair>>;
  Sym formula{};
  CHECK(is_blank(formula).e.is_true());
  formula.write = SymBool(smt().bool_const("w"));
  CHECK_FALSE(is_blank(formula).e.is_true());
  CHECK(is_blank(formula, &Sym::write).e.is_true());

  using Wide = Pte<Lanes<kPair>>;
  Wide pte{};
  pte.pfn.v[3] = 1;
  const LaneBool blank = is_blank(pte);
  CHECK(blank.v[2] == 0xff);
  CHECK(blank.v[3] == 0);
  CHECK(is_blank(pte, &Wide::pfn).v[3] == 0xff);
}

TEST_CASE("an index that is known finds the row that its value selects") {
  using D = Lanes<kPair>;
  State<D> s{};
  s.pte.slot[2].pfn = LaneNum(1u);
  for (unsigned mm = 0; mm < 2; ++mm)
    for (unsigned vpn = 0; vpn < 2; ++vpn)
      CHECK((s.pte.at(mm, vpn).pfn == s.pte.at(LaneNum(mm), LaneNum(vpn)).pfn).v[0] == 0xff);
  CHECK((s.pte.at(1u, 0u).pfn == LaneNum(1u)).v[0] == 0xff);
  CHECK((s.pte.at(7u, 7u).pfn == LaneNum(0u)).v[0] == 0xff);
}

}  // namespace hmm
