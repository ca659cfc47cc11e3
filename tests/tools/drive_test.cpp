// Steps that interleave, as calls that are held: what is looked for, and what cannot be found.
#include "tests/tools/binary.h"
#include "tools/runs/drive_report.h"
#include "traces/profile_file.h"

namespace hmm {
namespace {

const std::string kMigration =
    "hmmcheck-trace 1\n"
    "scope tiny\n"
    "profile 6.12\n"
    "mmap_region mm=0 vpn=0 read=1 write=1\n"
    "do_anonymous_page mm=0 vpn=0 pfn=1\n"
    "cpu_store mm=0 vpn=0 value=1\n"
    "migrate_vma_setup slot=0 invalidation=0 mm=0 device=0 to_device=1 first=0 last=0\n"
    "mn_itree_invalidate slot=0 device=0\n";
const std::string kCollected =
    "migrate_vma_collect slot=0\n"
    "mmu_notifier_invalidate_range_end slot=0\n";

DrivePlan plan_of(const std::string& text) {
  const Folder folder;
  const TracedRun run = load_run(folder.file("a.trace", text));
  return plan_drive(run, {run.trace.kernel(), SwapKernel::v6_12, {}});
}

std::string calls_of(const DrivePlan& plan) {
  std::string text = plan.why_not;
  for (const auto& step : plan.calls.steps)
    text += print_call(step.call) + " -> " + print_result(step.call.result) + "\n";
  return text;
}

}  // namespace

TEST_CASE("steps of one call after the other need no hold") {
  const DrivePlan plan =
      plan_of(kMigration + kCollected +
              "migrate_device_unmap slot=0 vpn=0\nalloc_and_copy slot=0 vpn=0 pfn=2\n"
              "migrate_vma_pages slot=0 vpn=0\nmigrate_device_finalize slot=0 vpn=0\n"
              "migrate_vma_end slot=0\n");
  CHECK(calls_of(plan) ==
        "A mmap 0-0 rw anon -> ok\n"
        "A store 0 0 -> ok\n"
        "A store 0 1 -> ok\n"
        "A migrate_to_dev d0 0-0 -> ok cpages=1 1\n");
  CHECK(!plan.interleaves());
  CHECK(plan.steps.size() == 12);
}

TEST_CASE("a call is held where steps of another come in between") {
  const DrivePlan plan = plan_of(
      "hmmcheck-trace 1\n"
      "scope tiny\n"
      "profile 6.12\n"
      "mmap_region mm=0 vpn=0 read=1 write=0\n"
      "do_anonymous_zero_page mm=0 vpn=0\n"
      "mmu_interval_read_begin slot=0 device=0 mm=0 vpn=0 write=0\n"
      "hmm_range_fault slot=0\n"
      "madvise_dontneed slot=0 mm=0 first=0 last=0\n"
      "mn_itree_invalidate slot=0 device=0\n"
      "zap_pte_range slot=0 vpn=0\n"
      "mmu_notifier_invalidate_range_end slot=0\n"
      "mmu_interval_read_retry slot=0 -> retry\n");
  CHECK(calls_of(plan) ==
        "A mmap 0-0 r anon -> ok\n"
        "A load 0 -> 0\n"
        "A dread d0 0-0 -> held after hmm_range_fault\n"
        "A dontneed 0-0 -> ok\n"
        "A dread d0 0-0 -> ok cpages=1 faults=1 0\n");
  CHECK((plan.interleaves() && plan.why_unanswered.empty()));
  REQUIRE(plan.steps.size() == 9);
  CHECK(plan.steps[3].text == "hmm_range_fault slot=0 -> ok");
  CHECK((plan.steps[3].line == 7 && plan.steps[3].call == 2));
  CHECK((plan.steps[7].call == 3 && plan.steps[8].call == 4));
}

TEST_CASE("what is refused for what another call has is a call that waits") {
  const DrivePlan plan =
      plan_of(kMigration + kCollected + "do_swap_page slot=0 mm=0 vpn=0 -> migration_entry_wait\n");
  CHECK_THAT(calls_of(plan),
             Catch::Contains("A migrate_to_dev d0 0-0 -> held after migrate_vma_collect\n") &&
                 Catch::Contains("A load 0 -> waits\n"));
  CHECK(plan.steps.back().is_refused);
}

TEST_CASE("what no place is between cannot be driven, and that is said by name", "[long]") {
  // The pte lock is held from one to the other.
  CHECK(plan_of(kMigration + "device_fail device=0\n").why_not ==
        "line 9: device_fail device=0 -> ok is no call's there");
  const std::string exclusive =
      "hmmcheck-trace 1\nscope ranges\nprofile 6.12\n"
      "mmap_region mm=0 vpn=0 read=1 write=1\n"
      "do_anonymous_page mm=0 vpn=0 pfn=1\n"
      "mmu_interval_read_begin slot=0 device=0 mm=0 vpn=0 write=1\n"
      "make_device_exclusive_range slot=0 invalidation=0\n"
      "mn_itree_invalidate slot=0 device=0\n"
      "page_make_device_exclusive_one slot=0\n"
      "mmu_notifier_invalidate_range_end slot=0\n"
      "mmu_interval_read_retry slot=0\n"
      "remove_device_exclusive_entry slot=0 mm=0 vpn=0\n"
      "mn_itree_invalidate slot=0 device=0\n"
      "madvise_dontneed slot=1 mm=0 first=0 last=0\n"
      "mn_itree_invalidate slot=1 device=0\n"
      "zap_pte_range slot=1 vpn=0\n"
      "restore_exclusive_pte slot=0 vpn=0\n";
  CHECK_THAT(
      plan_of(exclusive).why_not,
      Catch::Contains("restore_exclusive_pte slot=0 vpn=0 -> changed lies between places: "));
  CHECK(plan_of("hmmcheck-trace 1\nscope tiny\nprofile 6.12\ngiven mm mm=0 alive=1\n"
                "mmap_region mm=0 vpn=0 read=1 write=1\n")
            .why_not == "line 4: it begins where no call leads, with `given`");
}

TEST_CASE("step by step it is said whether the kernel went that way") {
  const DrivePlan plan = plan_of(kMigration + kCollected);
  DrivenTrace driven;
  driven.trace = plan.calls;
  CHECK(compare_driven(plan, driven).is_same());
  driven.trace.steps[0].call.result = Outcome::einval;
  const DriveReport report = compare_driven(plan, driven);
  CHECK(report.same == 0);
  CHECK_THAT(report.text,
             Catch::StartsWith("A mmap 0-0 rw anon: predicted ok: differs, kernel EINVAL\n"
                               "  line 4: mmap_region mm=0 vpn=0 read=1 write=1 -> ok: differs\n"
                               "A store 0 0: predicted ok: not compared\n"));
  // What is seen counts as well.
  driven.trace = plan.calls;
  driven.trace.steps[1].seen[0].page[0].soft_dirty = false;
  CHECK(compare_driven(plan, driven).same == 1);
}

TEST_CASE("a plan needs no kernel, and a trace that cannot be driven has its exit code") {
  const Folder folder;
  const std::string trace = folder.file("a.trace", kMigration + kCollected);
  const Ran plan = run("kernel drive --plan " + trace);
  CHECK(plan.code == 0);
  CHECK_THAT(plan.out, Catch::StartsWith("trace 1\nA mmap 0-0 rw anon -> ok\n= A -,sd "));
  CHECK(run("kernel drive --kernel none " + trace).code == 4);
  const std::string fails = folder.file("b.trace", kMigration + "device_fail device=0\n");
  const Ran none = run("kernel drive --kernel none " + fails);
  CHECK(none.code == 2);
  CHECK_THAT(none.out, Catch::Contains("b.trace: cannot be driven: line 9: device_fail device=0"));
}

}  // namespace hmm
