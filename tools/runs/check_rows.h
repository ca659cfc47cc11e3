#pragma once
#include "model/defects.h"
#include "tools/runs/report.h"
#include "tools/runs/stop.h"

// Rows of `hmmcheck check` that are more than what an engine says.
namespace hmm {

// What a row of its table says beside the engine, its scope and the verdict.
struct CheckLine {
  std::string checked, numbers;
  const char* if_it_holds = "holds";
};

// All claims of liveness of a kernel whose known hangs are mended.
ReportRow liveness_row(const std::string& scope, const Profile& kernel, unsigned threads,
                       const Stop& stop, CheckLine& line);
// Whether a defect breaks what it is known to break, and a hang hangs.
ReportRow defect_row(const Defect& defect, const Profile& kernel, unsigned threads,
                     const Stop& stop, CheckLine& line);
ReportRow hang_row(const KnownHang& hang, const Profile& kernel, unsigned threads, const Stop& stop,
                   CheckLine& line);

}  // namespace hmm
