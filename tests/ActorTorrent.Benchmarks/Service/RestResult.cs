namespace ActorTorrent.Benchmarks.Service;

/// <summary>What a daemon costs with many torrents that do nothing.</summary>
/// <param name="Start">From the process' start until it lists all of them.</param>
/// <param name="List">A list of all by the RPC, the fields that remotes ask for: the median.</param>
/// <param name="Rest">The same by <c>/api/v1</c>; null where there is none.</param>
/// <param name="Cpu">Share of a core while nothing happens.</param>
/// <param name="Resident">Resident memory in bytes at the end of that.</param>
/// <param name="Anonymous">Of that, what is no file's.</param>
internal sealed record RestResult(TimeSpan Start, TimeSpan List, TimeSpan? Rest, double Cpu, long Resident, long Anonymous);
