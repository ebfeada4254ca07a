using System.Net;
using ActorTorrent.Lab.Scenarios;

namespace ActorTorrent.Lab.Running;

/// <summary>A client of others that is put under the load of a scenario instead of the own engine.</summary>
/// <param name="EndPoint">Where it takes connections.</param>
public sealed record LabTarget(IPEndPoint EndPoint)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>Its torrent file; null when it has the scenario's own torrent.</summary>
    public byte[]? Torrent { get; init; }

    /// <summary>Its process, for memory and processor time; null when it is not known.</summary>
    public int? ProcessId { get; init; }

    /// <summary>The scenario with every peer that can do so dialling, because nobody tells a foreign client of peers; the others are left out.</summary>
    /// <param name="scenario">The scenario.</param>
    public static Scenario Dialling(Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        return scenario with
        {
            Swarm =
            [
                .. scenario.Swarm.Select(static group => group.Behaviour
                    is PeerBehaviour.Refuses or PeerBehaviour.NeverAccepts or PeerBehaviour.Engine or PeerBehaviour.FirstWriteup
                    ? group with { Count = 0 }
                    : group with { Dials = true, ReconnectAfter = group.ReconnectAfter ?? Pause }),
            ],
        };
    }
}
