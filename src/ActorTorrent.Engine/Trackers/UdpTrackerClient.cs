using System.Net;
using System.Net.Sockets;
using ActorTorrent.Engine.Options;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Trackers;
using Akka.Actor;

namespace ActorTorrent.Engine.Trackers;

/// <summary>Asks UDP trackers (BEP 15): looks up their names, and leaves sockets and time to an actor that all share.</summary>
public sealed class UdpTrackerClient : ITrackerClient
{
    // Beyond what the actor needs, for the case that it does not answer at all.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);

    private readonly IActorRef _actor;
    private readonly TrackerOptions _options;
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve;
    private readonly TimeProvider _time;

    internal UdpTrackerClient(
        IActorRef actor,
        TrackerOptions options,
        TimeProvider? time = null,
        Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
    {
        _actor = actor;
        _options = options;
        _resolve = resolve ?? Dns.GetHostAddressesAsync;
        _time = time ?? TimeProvider.System;
    }

    /// <summary>Starts the actor in a system and makes a client of it; one serves a whole program. It ends with the system.</summary>
    /// <param name="system">The system.</param>
    /// <param name="options">Limits and deadlines.</param>
    public static UdpTrackerClient Start(ActorSystem system, TrackerOptions options)
    {
        ArgumentNullException.ThrowIfNull(system);
        return new UdpTrackerClient(system.ActorOf(UdpTrackerActor.Props(options), "udp-trackers"), options);
    }

    /// <inheritdoc/>
    public async Task<TrackerAnswer> AnnounceAsync(Uri tracker, AnnounceRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tracker);
        var (addresses, error) = await FindAsync(tracker, cancellationToken).ConfigureAwait(false);
        if (error is not null)
            return new TrackerAnswer.Failure(error);
        return await BothFamilies.AnnounceAsync(
            BothFamilies.Of(addresses),
            _options.OtherFamilyPatience,
            _time,
            async (family, cancellation) =>
            {
                var address = addresses.First(address => address.AddressFamily == family);
                var question = new UdpTrackerProtocol.Announce(new object(), new IPEndPoint(address, tracker.Port), tracker, request);
                return await AskAsync(question, cancellation).ConfigureAwait(false) switch
                {
                    UdpTrackerProtocol.Announced announced => new TrackerAnswer.Success(announced.Response, IPAddress.IsLoopback(address)),
                    UdpTrackerProtocol.Failed failed => new TrackerAnswer.Failure(failed.Error),
                    var other => throw new InvalidOperationException($"{other.GetType().Name} answers no announce."),
                };
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<ScrapeAnswer> ScrapeAsync(Uri tracker, IReadOnlyList<InfoHash> torrents, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tracker);
        ArgumentNullException.ThrowIfNull(torrents);
        var (addresses, error) = await FindAsync(tracker, cancellationToken).ConfigureAwait(false);
        if (error is not null)
            return new ScrapeAnswer.Failure(error);

        // The swarm is one whatever it is asked over.
        var family = BothFamilies.Of(addresses)[0];
        var address = new IPEndPoint(addresses.First(address => address.AddressFamily == family), tracker.Port);
        var result = new Dictionary<InfoHash, ScrapeEntry>();
        foreach (var part in torrents.Chunk(UdpTracker.MaxScrape))
        {
            switch (await AskAsync(new UdpTrackerProtocol.Scrape(new object(), address, tracker, part), cancellationToken).ConfigureAwait(false))
            {
                case UdpTrackerProtocol.Scraped scraped:
                    for (var i = 0; i < part.Length; i++)
                        result[part[i]] = scraped.Entries[i];
                    break;
                case UdpTrackerProtocol.Failed failed:
                    return new ScrapeAnswer.Failure(failed.Error);
            }
        }
        return new ScrapeAnswer.Success(result);
    }

    private async Task<UdpTrackerProtocol.Answer> AskAsync(UdpTrackerProtocol.Question question, CancellationToken cancellationToken)
    {
        try
        {
            return await _actor.Ask<UdpTrackerProtocol.Answer>(question, _options.UdpAnnounceTimeout + Slack, cancellationToken).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            _actor.Tell(new UdpTrackerProtocol.Cancel(question.Ticket));
            return new UdpTrackerProtocol.Failed(new TrackerError(TrackerErrorKind.Internal, $"{question.Tracker.Host} was not asked in time."));
        }
        catch (OperationCanceledException)
        {
            _actor.Tell(new UdpTrackerProtocol.Cancel(question.Ticket));
            throw;
        }
    }

    private async Task<(IReadOnlyList<IPAddress> Addresses, TrackerError? Error)> FindAsync(Uri tracker, CancellationToken cancellationToken)
    {
        var host = tracker.IdnHost;
        if (tracker.Port <= 0)
            return ([], new TrackerError(TrackerErrorKind.Unreachable, $"{host}: the URL of a UDP tracker names a port; this one does not."));
        if (tracker.PathAndQuery.Length > UdpTracker.MaxUrlData)
            return ([], new TrackerError(TrackerErrorKind.Unreachable, $"{host}: path and query of its URL are longer than {UdpTracker.MaxUrlData} characters."));
        if (IPAddress.TryParse(host, out var literal))
            return ([literal], null);
        using var deadline = new CancellationTokenSource(_options.AnnounceTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            var addresses = await _resolve(host, either.Token).ConfigureAwait(false);
            return addresses.Length > 0 ? (addresses, null) : ([], new TrackerError(TrackerErrorKind.Dns, $"{host} has no address."));
        }
        catch (SocketException exception)
        {
            return ([], new TrackerError(TrackerErrorKind.Dns, $"{host} cannot be resolved: {exception.Message}."));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ([], new TrackerError(TrackerErrorKind.Dns, $"{host} was not resolved within {_options.AnnounceTimeout.TotalSeconds:0.###} s."));
        }
    }
}
