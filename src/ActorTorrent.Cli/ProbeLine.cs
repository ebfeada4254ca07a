using System.Net;
using ActorTorrent.Engine.Probing;

namespace ActorTorrent.Cli;

/// <summary>A peer's line of <c>probe --json</c>.</summary>
internal sealed record ProbeLine(string Address, string Outcome, string? PeerId, string? Client, long Milliseconds, string? Detail)
{
    public static ProbeLine Of(ProbeResult result) => new(
        AddressOf(result.EndPoint),
        result.Outcome.ToToken(),
        result.PeerId?.ToHex(),
        result.Client,
        (long)result.Elapsed.TotalMilliseconds,
        result.Detail);

    /// <summary>An address with its port; IPv6 in brackets.</summary>
    public static string AddressOf(IPEndPoint endPoint) => endPoint.ToString();
}
