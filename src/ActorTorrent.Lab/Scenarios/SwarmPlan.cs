using System.Globalization;
using System.Text;

namespace ActorTorrent.Lab.Scenarios;

/// <summary>A run as the seed decides it: who there is and what happens when. Nothing that is only observed is part of it.</summary>
/// <param name="Peers">The peers, by their numbers.</param>
/// <param name="Events">What happens, in order.</param>
public sealed record SwarmPlan(IReadOnlyList<PlannedPeer> Peers, IReadOnlyList<PlannedEvent> Events)
{
    /// <summary>The schedule as a file: a line a peer, then a line an event, times in milliseconds from the start. The same seed gives the same bytes.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="seed">The seed of this run.</param>
    public string Write(Scenario scenario, int seed)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"schedule of {scenario.Name}, seed {seed}: {Peers.Count} peers, {Events.Count} events\n");
        foreach (var peer in Peers)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"peer {peer.Index} {peer.Address} {peer.Group} {peer.Script?.Name ?? "engine"} {(peer.Script is null ? peer.EngineSeed.ToString(CultureInfo.InvariantCulture) : peer.Script.PeerId?.ToString() ?? "-")}\n");
        }
        foreach (var happening in Events)
        {
            text.Append(CultureInfo.InvariantCulture, $"{(long)happening.At.TotalMilliseconds} {ScenarioNames.Of(happening.Action)}");
            if (happening.Action == PlannedAction.Leave)
                text.Append(CultureInfo.InvariantCulture, $" {ScenarioNames.Of(happening.Ending)}");
            if (happening.Action == PlannedAction.DiskSlow)
                text.Append(CultureInfo.InvariantCulture, $" {(long)happening.Delay.TotalMilliseconds}");
            if (happening.Peers.Count > 0)
                text.Append(' ').AppendJoin(',', happening.Peers.Select(static peer => peer.ToString(CultureInfo.InvariantCulture)));
            if (happening.Fault is { } fault)
                text.Append(CultureInfo.InvariantCulture, $" # {fault}");
            text.Append('\n');
        }
        return text.ToString();
    }
}
