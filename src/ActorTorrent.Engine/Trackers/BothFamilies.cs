using System.Net;
using System.Net.Sockets;
using ActorTorrent.Wire.Trackers;

namespace ActorTorrent.Engine.Trackers;

/// <summary>
/// One announce to a tracker that has IPv4 and IPv6 addresses: it knows us only by the family we come over, so it is told over each (BEP 7),
/// with the same key.
/// </summary>
internal static class BothFamilies
{
    /// <summary>The families of a host's addresses, IPv4 first.</summary>
    public static IReadOnlyList<AddressFamily> Of(IEnumerable<IPAddress> addresses) =>
        [.. addresses.Select(address => address.AddressFamily).Where(family => family is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6)
            .Distinct().OrderBy(family => family == AddressFamily.InterNetwork ? 0 : 1)];

    /// <summary>
    /// Announces over each family at once and makes one answer of what comes. Once one has answered, the other is waited for no longer than
    /// <paramref name="patience"/>: half of all hosts with an IPv6 address cannot be reached over it.
    /// </summary>
    public static async Task<TrackerAnswer> AnnounceAsync(
        IReadOnlyList<AddressFamily> families,
        TimeSpan patience,
        TimeProvider time,
        Func<AddressFamily, CancellationToken, Task<TrackerAnswer>> announce,
        CancellationToken cancellationToken)
    {
        if (families.Count == 1)
            return await announce(families[0], cancellationToken).ConfigureAwait(false);
        using var rest = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var all = families.Select(family => announce(family, rest.Token)).ToArray();
        var first = await Task.WhenAny(all).ConfigureAwait(false);
        if (first.IsCompletedSuccessfully && await first.ConfigureAwait(false) is TrackerAnswer.Success)
        {
            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(Task.WhenAll(all), Task.Delay(patience, time, over.Token)).ConfigureAwait(false);
            await over.CancelAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            await rest.CancelAsync().ConfigureAwait(false);
        }
        var answers = new List<TrackerAnswer>();
        foreach (var one in all)
        {
            try
            {
                answers.Add(await one.ConfigureAwait(false));
            }
            catch (OperationCanceledException) when (rest.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                // The one that was too slow.
                continue;
            }
        }
        return Merge(answers);
    }

    private static TrackerAnswer Merge(List<TrackerAnswer> answers)
    {
        var successes = answers.OfType<TrackerAnswer.Success>().ToArray();
        if (successes.Length == 1)
            return successes[0];
        if (successes.Length > 1)
            return new TrackerAnswer.Success(Merge(successes[0].Response, successes[1].Response), successes.All(success => success.TrackerIsLocal));

        // A refusal says more than silence.
        var failures = answers.OfType<TrackerAnswer.Failure>().ToArray();
        return failures.FirstOrDefault(failure => failure.Error.Kind == TrackerErrorKind.FailureReason) ?? failures[0];
    }

    private static AnnounceResponse Merge(AnnounceResponse one, AnnounceResponse other) => new(
        one.Interval > other.Interval ? one.Interval : other.Interval,
        one.MinInterval is null || other.MinInterval > one.MinInterval ? other.MinInterval : one.MinInterval,
        [.. one.Peers.Concat(other.Peers).DistinctBy(peer => peer.EndPoint)],
        Most(one.Seeders, other.Seeders),
        Most(one.Leechers, other.Leechers),
        one.Warning ?? other.Warning,
        one.TrackerId ?? other.TrackerId)
    {
        ExternalIp = one.ExternalIp ?? other.ExternalIp,
        SkippedPeers = one.SkippedPeers + other.SkippedPeers,
    };

    // Both count the same swarm, or each the half of it that it sees.
    private static int? Most(int? one, int? other) => one is null || other > one ? other : one;
}
