// A step that gets one field wrong: as text, in the model, and in a trace.
#include <catch2/catch.hpp>

#include "model/defects.h"
#include "model/step_infos.h"
#include "properties/engines/engines.h"
#include "properties/engines/judged_machine.h"
#include "tools/runs/failure.h"
#include "traces/field_infos.h"
#include "traces/profile_file.h"
#include "traces/rule_name.h"
#include "traces/trace_file.h"

namespace hmm {
namespace {

Profile edited(const char* text) {
  Profile k = without_breaking_defects(load_profile("6.12"));
  k.edit = parse_edit(text, {"test"});
  return k;
}

PlainStep step_of(const char* text) {
  return parse_step(machine_at("tiny")->scope(), text, {"test"});
}

std::string row_after(const Profile& k, const std::vector<const char*>& steps, const char* table) {
  const auto machine = machine_at("tiny");
  for (const char* step : steps) REQUIRE(takes_effect(machine->take(k, step_of(step))));
  const StateText text(machine->scope());
  std::string rows;
  for (const auto& row : text.rows(machine->leaves()))
    if (const auto line = text.print_row(row); line.starts_with(table)) rows += line + "\n";
  return rows;
}

}  // namespace

TEST_CASE("an edit reads as it is written") {
  for (const char* text : {"zap_pte_range:page.refcount+1", "zap_pte_range:page.refcount-1",
                           "mmap_region:vma.read~write", "dup_mmap:invalidation.covers~todo"})
    CHECK(print_edit(parse_edit(text, {"x"})) == text);
  CHECK(print_edit({}).empty());
}

TEST_CASE("what is no edit is told what one is") {
  const auto refuses = [](const char* text, const char* why) {
    CHECK_THROWS_WITH(parse_edit(text, {"x"}), Catch::Contains(why));
  };
  refuses("", "x: expected STEP:TABLE.FIELD+1");
  refuses("munmap", "x: expected STEP:TABLE.FIELD+1");
  refuses("munmap:page", "STEP:TABLE.FIELD+1");
  refuses("unmap:page.refcount+1", "did you mean munmap");
  refuses("munmap:page.refcont+1", "did you mean page.refcount");
  refuses("munmap:page.refcount+2", "expected +1, -1 or ~OTHER, found +2");
  refuses("munmap:page.locked+1", "a field that counts something");
  refuses("munmap:page.locked~refcount", "another field of page whose values are like");
  refuses("munmap:page.locked~locked", "another field of page");
  refuses("munmap:page.locked~", "a field of a state's table");
}

TEST_CASE("a step does what its edit says, and no other does") {
  const std::vector<const char*> steps{"mmap_region mm=0 vpn=0 read=1 write=1",
                                       "do_anonymous_page mm=0 vpn=0 pfn=1"};
  const std::string page = "page pfn=1 refcount=";
  const auto fresh = [&](const char* edit) { return row_after(edited(edit), steps, "page"); };
  CHECK(fresh("do_anonymous_page:page.refcount+1").starts_with(page + "2"));
  CHECK_FALSE(fresh("do_anonymous_page:page.refcount-1").starts_with(page));
  CHECK(fresh("munmap:page.refcount+1").starts_with(page + "1"));
  CHECK(row_after(edited("mmap_region:vma.read~write"), {"mmap_region mm=0 vpn=0 read=1 write=0"},
                  "vma") == "vma mm=0 vpn=0 mapped=1 write=1\n");
}

TEST_CASE("what an edit breaks is found, and the trace says with which") {
  const Profile k = edited("zap_pte_range:page.refcount+1");
  const auto found = explore("tiny", k);
  REQUIRE((found.bad & property_named("refcount_is_accounted")) != 0);
  const std::string text = failing_trace(k, "tiny", found.counterexample, found.bad);
  CHECK(text.find("\nmutate zap_pte_range:page.refcount+1\n") != text.npos);
  const TraceFile trace = parse_trace(text, "x", all_property_names());
  CHECK(trace.kernel().edit == k.edit);
  CHECK(print_trace(trace) == text);
}

TEST_CASE("every field of a state of scope large is one of those that have names") {
  const auto leaves = field_of_leaf_at_large();
  CHECK(leaves.size() == machine_at("large")->leaves().size());
  for (const std::size_t field : leaves) CHECK(field < field_infos().size());
}

}  // namespace hmm
