#include "tools/runs/c_selftest.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <stdexcept>

#include "tools/runs/c_program.h"
#include "traces/call_text.h"

namespace hmm {
namespace {

// The devices that the suite's fixture `hmm2` opens: two of private memory, or two of coherent.
constexpr unsigned kOfAKind = 2;

[[noreturn]] void refuse(const std::string& expected, const std::string& found) {
  throw std::invalid_argument(fmt::format("expected {}, found {}", expected, found));
}

std::set<unsigned> devices_of(const RecordedTrace& trace) {
  std::set<unsigned> devices;
  for (const auto& step : trace.steps)
    std::visit(
        [&](const auto& one) {
          call::for_each_argument(one, [&](const auto& argument) {
            if constexpr (std::is_same_v<std::decay_t<decltype(argument)>, call::Device>)
              devices.insert(argument.number);
          });
        },
        step.call.what);
  return devices;
}

// The first device of the kind that the trace is about.
unsigned first_device(const RecordedTrace& trace) {
  const auto devices = devices_of(trace);
  if (devices.empty()) return 0;
  const unsigned first = *devices.begin() / kOfAKind * kOfAKind;
  if (*devices.rbegin() >= first + kOfAKind)
    refuse("devices of one kind, d0 and d1 or d2 and d3",
           fmt::format("d{} and d{}", *devices.begin(), *devices.rbegin()));
  return first;
}

// `HMM_DMIRROR_READ`, where the call is one of the driver's: what it is says so.
std::string_view request_of(const call::Row& row) {
  constexpr std::string_view kBegins = "`HMM_DMIRROR_";
  if (!row.says.starts_with(kBegins)) return {};
  return row.says.substr(1, row.says.find('`', 1) - 1);
}

struct Arguments {
  unsigned first = 0, last = 3, device = 0, value = 0;
};
Arguments arguments_of(const Call& call) {
  Arguments out;
  std::visit(
      [&](const auto& one) {
        call::for_each_argument(one, [&](const auto& argument) {
          using Argument = std::decay_t<decltype(argument)>;
          if constexpr (std::is_same_v<Argument, call::Pages>)
            out.first = argument.first, out.last = argument.last;
          if constexpr (std::is_same_v<Argument, call::Device>) out.device = argument.number;
          if constexpr (std::is_same_v<Argument, call::Value>) out.value = argument.v;
        });
      },
      call);
  return out;
}

// A request of the driver's with what it comes to.
std::string ioctl_text(const RecordedCall& call, unsigned first_device) {
  const Arguments a = arguments_of(call.what);
  std::string out;
  const unsigned pages = a.last - a.first + 1;
  if (row_of(call.what).name == "dwrite")
    for (unsigned i = 0; i < pages; ++i)
      out += fmt::format(
          "\tmemset(data + {0} * size, 0, size);\n\t*(int *)(data + {0} * size) = {1};\n", i,
          a.value + i);
  out += fmt::format("\tbuffer.ptr = memory + {} * size;\n", a.first);
  const bool ok = call.result.is(Outcome::ok);
  const std::string returns = ok ? "0" : "-" + std::string(name_of(call.result.outcome));
  out += fmt::format("\tASSERT_EQ({}, hmm_dmirror_cmd(self->fd{}, {}, &buffer, {}));\n", returns,
                     a.device - first_device, request_of(row_of(call.what)), pages);
  if (!ok) return out;
  if (call.result.has_cpages)
    out += fmt::format("\tASSERT_EQ({}, buffer.cpages);\n", call.result.cpages);
  if (call.result.has_faults)
    out += fmt::format("\tASSERT_EQ({}, buffer.faults);\n", call.result.faults);
  for (std::size_t i = 0; i < call.result.n_values; ++i)
    out += fmt::format("\tASSERT_EQ({}, *(int *)(data + {} * size));\n", call.result.values[i], i);
  return out;
}

// A system call: its C, with what it returns where it does not fail.
std::string system_call(const RecordedCall& call) {
  const std::string written = c_of(call.what).written;
  const auto open = written.find('(');
  const std::string arguments = written.substr(open + 1, written.size() - open - 2);
  const auto name = row_of(call.what).name;
  const Arguments a = arguments_of(call.what);
  const std::string pages =
      fmt::format("memory + {} * size, {} * size", a.first, a.last - a.first + 1);
  // Of `first, last, RIGHTS, KIND` what comes after the pages.
  const auto rest = [&](unsigned commas) {
    std::size_t at = 0;
    while (commas-- > 0) at = arguments.find(',', at) + 1;
    return arguments.substr(at + 1);
  };
  if (name == "mmap")
    return fmt::format("mmap({}, {} | MAP_FIXED | MAP_ANONYMOUS, -1, 0) == MAP_FAILED", pages,
                       rest(2));
  if (name == "mprotect") return fmt::format("mprotect({}, {})", pages, rest(2));
  if (name == "dontneed") return fmt::format("madvise({}, MADV_DONTNEED)", pages);
  if (name == "munmap" || name == "mlock" || name == "munlock")
    return fmt::format("{}({})", name, pages);
  if (name == "mremap") {
    const auto comma = arguments.find(", ");
    return fmt::format(
        "mremap(memory + {} * size, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, memory + {} * size) "
        "== MAP_FAILED",
        arguments.substr(0, comma), arguments.substr(comma + 2));
  }
  refuse("calls that such a test can make", print(call.what));
}

std::string access_text(const RecordedCall& call) {
  const std::string written = c_of(call.what).written;  // call_store(0, 5)
  const auto open = written.find('('), comma = written.find(", ");
  const std::string page = written.substr(open + 1, std::min(comma, written.size() - 1) - open - 1);
  if (call.result.ends_in(Ending::signal))
    refuse("loads and stores that come to no signal", print_result(call.result));
  if (row_of(call.what).gives_value)
    return fmt::format("\tASSERT_EQ({}, *(volatile int *)(memory + {} * size));\n",
                       call.result.values[0], page);
  return fmt::format("\t*(volatile int *)(memory + {} * size) = {};\n", page,
                     written.substr(comma + 2, written.size() - comma - 3));
}

std::string text_of(const RecordedCall& call, unsigned first_device) {
  if (call.actor != 0) refuse("calls of one process", print_call(call));
  const call::Row& row = row_of(call.what);
  if (!request_of(row).empty()) return ioctl_text(call, first_device);
  if (row.name == "load" || row.name == "store") return access_text(call);
  if (call.result.is(Outcome::ok)) return fmt::format("\tASSERT_EQ(0, {});\n", system_call(call));
  return fmt::format("\tASSERT_NE(0, {});\n\tASSERT_EQ({}, errno);\n", system_call(call),
                     print_result(call.result));
}

}  // namespace

std::string c_selftest(const RecordedTrace& trace, std::string_view name) {
  const unsigned first = first_device(trace);
  std::string story, body;
  for (const auto& step : trace.steps) {
    story += fmt::format(" *   {} -> {}\n", print_call(step.call), print_result(step.call.result));
    body += text_of(step.call, first);
  }
  return fmt::format(R"(
/*
{} */
TEST_F(hmm2, {})
{{
	const unsigned long size = self->page_size;
	struct hmm_buffer buffer = {{}};
	unsigned char *memory, *data;

	if (variant->device_number0 != {})
		SKIP(return, "not of this kind of memory");
	data = malloc(4 * size);
	ASSERT_NE(NULL, data);
	buffer.mirror = data;
	/* Nothing is mapped around the pages. */
	memory = mmap(NULL, 6 * size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, memory);
	munmap(memory, 6 * size);
	memory += size;

{}
	munmap(memory, 4 * size);
	free(data);
}}
)",
                     story, name, first, body);
}

std::string syzlang() {
  std::string calls;
  for_each_call([&](const auto& call) {
    const auto request = request_of(call.row);
    if (request.empty()) return;
    calls += fmt::format(
        "ioctl${0}(fd fd_hmm_dmirror, cmd const[{0}], arg ptr[inout, hmm_dmirror_cmd])\n", request);
  });
  constexpr std::string_view kOpen =
      "openat$hmm_dmirror(fd const[AT_FDCWD], file ptr[in, string[hmm_dmirror_files]], flags "
      "const[O_RDWR], mode const[0]) fd_hmm_dmirror\n";
  std::string files;
  for (unsigned d = 0; d < kRecordedDevices; ++d)
    files += fmt::format("{}\"/dev/hmm_dmirror{}\"", d == 0 ? "" : ", ", d);
  return fmt::format(R"(# The HMM test driver, lib/test_hmm.c: CONFIG_TEST_HMM.

include <lib/test_hmm_uapi.h>

resource fd_hmm_dmirror[fd]

{}
{}
hmm_dmirror_files = {}

hmm_dmirror_cmd {{
	addr	vma64[1:4]
	ptr	ptr64[inout, array[int8, 16384]]
	npages	int64[1:4]
	cpages	const[0, int64]
	faults	const[0, int64]
}}
)",
                     kOpen, calls, files);
}

}  // namespace hmm
