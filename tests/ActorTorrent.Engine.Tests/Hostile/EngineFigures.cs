using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Tests.EndToEnd;

namespace ActorTorrent.Engine.Tests.Hostile;

/// <summary>What an <see cref="EngineProcess"/> tells of itself.</summary>
/// <param name="Resident">Memory of the process in bytes, as the system counts it.</param>
/// <param name="Heap">Bytes of the managed heap, its free room included, after the last collection.</param>
/// <param name="Live">Of these what was in use then.</param>
/// <param name="ProcessorSeconds">Processor time since its start.</param>
/// <param name="Bans">Addresses that are banned.</param>
/// <param name="Faults">Faults by cause, the most frequent first.</param>
/// <param name="Completed">Info hashes of the torrents that are complete.</param>
/// <param name="Blamed">Faults of honest peers.</param>
public sealed record EngineFigures(
    long Resident, long Heap, long Live, double ProcessorSeconds, int Bans, IReadOnlyList<KeyValuePair<string, long>> Faults, IReadOnlyList<string> Completed, IReadOnlyList<string> Blamed)
{
    /// <summary>Of this process.</summary>
    internal static EngineFigures Of(EngineUnderTest engine, FaultCounter journal)
    {
        var memory = GC.GetGCMemoryInfo();
        return new EngineFigures(
            Environment.WorkingSet,
            memory.HeapSizeBytes,
            memory.HeapSizeBytes - memory.FragmentedBytes,
            Environment.CpuUsage.TotalTime.TotalSeconds,
            engine.Context.Bans.Count,
            [.. journal.Counts.Select(static count => KeyValuePair.Create(FaultNames.Of(count.Key), count.Value))],
            [.. journal.Completed.Select(static torrent => torrent.ToString())],
            [.. journal.Blamed]);
    }
}
