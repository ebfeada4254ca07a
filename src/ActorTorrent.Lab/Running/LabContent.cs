using ActorTorrent.Lab.Data;
using ActorTorrent.Lab.Scenarios;

namespace ActorTorrent.Lab.Running;

/// <summary>The data of a run: made from scenario and seed, needing no disk.</summary>
public static class LabContent
{
    /// <summary>Describes it.</summary>
    /// <param name="scenario">Its size and pieces.</param>
    /// <param name="seed">What decides every byte.</param>
    public static GeneratedContent Of(Scenario scenario, int seed)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        return new GeneratedContent("lab", (ulong)seed, scenario.PieceLength, [new GeneratedFile("data.bin", scenario.TorrentBytes)]);
    }
}
