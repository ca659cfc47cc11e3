#include "traces/text.h"

#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>

#include "model/plain.h"
#include "model/scopes.h"

namespace hmm {
namespace {

constexpr Scope kTwo{.mms = 2, .vpns = 1, .system_pages = 2};
constexpr Scope kMany = kLarge;
using D = Concrete<kMany>;

unsigned any_of(const Range& range) {
  return *rc::gen::inRange(range.first, range.first + range.count);
}

PlainStep any_step() {
  PlainStep step{*rc::gen::inRange<std::size_t>(0, kSteps), {}};
  for (const auto& f : step_shapes()[step.kind].fields)
    step.values.push_back(any_of(range_of(f.sort, kMany)));
  return step;
}

Leaves any_leaves() {
  Leaves leaves;
  State<D> state{};
  for_each_leaf(
      [&](auto&, const Sort& sort) {
        const Range range = range_of(sort, kMany);
        leaves.push_back(static_cast<std::uint8_t>(*rc::gen::inRange(0u, range.last() + 1)));
      },
      state);
  return leaves;
}

std::string step_error(std::string_view text, const Scope& scope = kTwo) {
  try {
    parse_step(scope, text, {"t", 7});
  } catch (const InputError& e) {
    return e.what();
  }
  return "no error";
}

std::string row_error(std::string_view text, const Scope& scope = kTwo) {
  try {
    StateText(scope).parse_row(text, {"t", 7});
  } catch (const InputError& e) {
    return e.what();
  }
  return "no error";
}

TEST_CASE("steps are text") {
  rc::prop("every step comes back from its text and from its type", [] {
    const PlainStep step = any_step();
    RC_ASSERT(parse_step(kMany, print_step(step), {}) == step);
    RC_ASSERT(plain<kMany>(typed<kMany>(step)) == step);
  });
  SECTION("fields print in their order and are read in any") {
    const PlainStep step = parse_step(kTwo, "do_anonymous_page\tpfn=0x2  vpn=0 mm=1", {});
    CHECK(print_step(step) == "do_anonymous_page mm=1 vpn=0 pfn=2");
  }
}

TEST_CASE("a wrong step is refused with the reason") {
  CHECK(step_error("") == "t:7: expected a step, found nothing");
  CHECK(step_error("do_anon mm=0") == "t:7: expected a step of hmmcheck list, found do_anon");
  CHECK(step_error("cpu_load mm vpn=0") == "t:7: expected field=value, found mm");
  CHECK(step_error("cpu_load mm=0") ==
        "t:7: expected field vpn of cpu_load, found the end of the line");
  CHECK(step_error("cpu_load mm=0 mm=0 vpn=0") == "t:7: expected mm once, found it twice");
  CHECK(step_error("cpu_load mm=0 vnp=0") ==
        "t:7: expected a field of cpu_load (mm, vpn), found vnp=0");
  CHECK(step_error("cpu_load mm=7 vpn=0") == "t:7: expected mm=0..1, found mm=7");
  CHECK(step_error("cpu_load mm=-1 vpn=0") == "t:7: expected mm=0..1, found mm=-1");
  CHECK(step_error("cpu_load mm= vpn=0") == "t:7: expected mm=0..1, found mm=");
  CHECK(step_error("cpu_load mm=4294967296 vpn=0") == "t:7: expected mm=0..1, found mm=4294967296");
  CHECK(step_error("cpu_load mm=0 vpn=1") ==
        "t:7: expected vpn=0, as the scope has one, found vpn=1");
  CHECK(step_error("mmap_region mm=0 vpn=0 read=yes write=1") ==
        "t:7: expected read=0..1, found read=yes");
  CHECK(step_error("do_anonymous_page mm=0 vpn=0 pfn=0") == "t:7: expected pfn=1..2, found pfn=0");
  CHECK(step_error("device_fail device=0", {.devices = 0}) ==
        "t:7: expected no device, which the scope has none of, found device=0");
  CHECK(step_error("cpu_load mm=0 vpn=" + std::string(500, '1')) ==
        "t:7: expected vpn=0, as the scope has one, found vpn=" + std::string(116, '1') + "...");
}

TEST_CASE("states are text") {
  rc::prop("a state comes back from its rows", [] {
    const Leaves leaves = any_leaves();
    const StateText text(kMany);
    Leaves back = leaves_of<kMany>({});
    for (const auto& row : text.rows(leaves)) {
      const PlainRow parsed = text.parse_row(text.print_row(row), {});
      RC_ASSERT(parsed == row);
      RC_ASSERT(text.read(leaves, parsed) == row);
      text.set(back, parsed);
    }
    RC_ASSERT(back == leaves);
    RC_ASSERT(leaves_of<kMany>(state_of<kMany>(leaves)) == leaves);
  });
  SECTION("a row has the names of the state") {
    State<D> s{};
    s.pte.set(Pte<D>{num<D>(PteKind::device_private), 5, false, true, false}, Small(1), Small(0));
    s.invalidation.slot[1].op = num<D>(RangeOp::munmap);
    s.invalidation.slot[1].covers.slot[1] = true;
    s.mirror.set(Mirror<D>{true, false, false, 5}, Small(1), Small(0), Small(1));
    s.oops.bad_ref = true;
    const StateText text(kMany);
    std::vector<std::string> rows;
    for (const auto& row : text.rows(leaves_of<kMany>(s))) rows.push_back(text.print_row(row));
    CHECK(rows == std::vector<std::string>{"pte mm=1 vpn=0 kind=device_private pfn=5 write=1",
                                           "mirror device=1 mm=0 vpn=1 valid=1 pfn=5",
                                           "invalidation slot=1 op=munmap covers[1]=1",
                                           "oops bad_ref=1"});
  }
  SECTION("a scope without devices has no rows of them") {
    constexpr Scope kNoDevice{.devices = 0};
    const StateText text(kNoDevice);
    const auto rows = text.rows(leaves_of<kNoDevice>(initial_state<Concrete<kNoDevice>>()));
    REQUIRE(rows.size() == 1);
    CHECK(text.print_row(rows[0]) == "mm mm=0 alive=1");
    CHECK(row_error("device device=0 failed=1", kNoDevice) ==
          "t:7: expected no device, which the scope has none of, found device=0");
  }
}

TEST_CASE("a wrong row is refused with the reason") {
  CHECK(row_error("") ==
        "t:7: expected a table (mm, vma, pte, ghost, cached, swap_slot, page, gup, device, "
        "region, pagemap, buffer, mirror, "
        "subscription, "
        "invalidation, migration, migrate_entry, device_fault, cpu_fault, oops), found the end of "
        "the "
        "line");
  CHECK(row_error("oops") ==
        "t:7: expected a field of oops (bad_ref, stale_install, missed_sigbus, forbidden, "
        "dead_pagemap, bad_buffer), found "
        "the end of "
        "the line");
  CHECK(row_error("pte mm=0 kind=none") ==
        "t:7: expected index vpn of pte, found the end of the line");
  CHECK(row_error("pte mm=0 vpn=0 kind=swap") ==
        "t:7: expected kind=none|present|device_private|migration, found kind=swap");
  CHECK(row_error("pte mm=0 vpn=0 pfn=4") == "t:7: expected pfn=0..3, found pfn=4");
  CHECK(row_error("page pfn=0 lru=1") == "t:7: expected pfn=1..3, found pfn=0");
  CHECK(row_error("ghost mm=0 vpn=0 vlaue=1") ==
        "t:7: expected a field of ghost (mm, vpn, value, watch, freed), found vlaue=1");
}

TEST_CASE("a difference names each row that changed, once") {
  State<D> before = initial_state<D>();
  State<D> after = before;
  after.pte.set(Pte<D>{num<D>(PteKind::present), 1, true, false, false}, Small(0), Small(1));
  after.invalidation.slot[0].todo.slot[1] = true;
  const StateText text(kMany);
  const auto diff = text.diff(leaves_of<kMany>(before), leaves_of<kMany>(after));
  CHECK(diff == std::vector<std::string>{
                    "pte mm=0 vpn=1:      kind none -> present, pfn 0 -> 1, read 0 -> 1",
                    "invalidation slot=0: todo[1] 0 -> 1"});
  CHECK(text.diff(leaves_of<kMany>(before), leaves_of<kMany>(before)).empty());
}

TEST_CASE("a scope is found by its name") {
  for (const auto& named : kScopes) CHECK(scope_named(named.name) == &named);
  CHECK(scope_named("huge") == nullptr);
}

}  // namespace
}  // namespace hmm
