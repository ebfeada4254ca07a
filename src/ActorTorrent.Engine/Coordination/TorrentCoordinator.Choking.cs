using Akka.Actor;

namespace ActorTorrent.Engine.Coordination;

/// <content>Whom to upload to.</content>
internal sealed partial class TorrentCoordinator
{
    private readonly List<ChokerPeer> _chokerPeers = [];
    private readonly List<int> _unchoked = [];
    private bool _areSlotsDue;

    private Choker NewChoker() => new(
        new ChokerOptions
        {
            Slots = _engine.Options.Torrent.UploadSlots,
            SeedChoking = _engine.Options.Torrent.SeedChoking,
            OptimisticPeriod = _engine.Options.Torrent.OptimisticUnchoke,
        }.Validated(),
        _random);

    /// <summary>Whether blocks can be read: who asks for what cannot be had should know that there is nothing to ask for.</summary>
    private bool CanServe => _diskFault is not { Operation: "read" or "open" };

    /// <summary>A round: slots are given anew.</summary>
    private void Choke()
    {
        if (!HasMetadata || !CanServe)
            return;
        var options = _engine.Options.Torrent;
        ListForChoker();
        if (options.AdaptiveSlots)
        {
            var used = _chokerPeers.Count(p => p is { IsUnchoked: true, IsInterested: true });
            _choker.Slots = UploadSlots.Next(
                _choker.Slots, used, _chokerPeers.Sum(p => (double)p.UploadRate), options.MinUploadSlots, options.MaxUploadSlots);
        }
        _choker.Decide(Now, _chokerPeers, IsComplete, _unchoked);
        ApplyChokes();
        // Rounds are for those who want something; the next one who does begins them anew.
        if (!_chokerPeers.Exists(static peer => peer.IsInterested || peer.IsUnchoked))
            Timers.Cancel(nameof(ChokeRound));
    }

    /// <summary>Between rounds: free slots do not wait for somebody who could use them.</summary>
    private void FillSlots()
    {
        if (!HasMetadata || !CanServe)
            return;
        ListForChoker();
        if (!_chokerPeers.Exists(peer => peer.IsInterested && !peer.IsUnchoked))
            return;
        BeginRounds();
        _choker.Fill(Now, _chokerPeers, IsComplete, _unchoked);
        ApplyChokes();
    }

    private void BeginRounds()
    {
        if (!Timers.IsTimerActive(nameof(ChokeRound)))
            Timers.StartPeriodicTimer(nameof(ChokeRound), ChokeRound.Instance, _engine.Options.Torrent.ChokeRound);
    }

    /// <summary>Fills them, once for all that changes before this actor's mailbox is through with what is in it now.</summary>
    private void FillSlotsSoon()
    {
        if (_areSlotsDue)
            return;
        _areSlotsDue = true;
        Self.Tell(SlotsDue.Instance, ActorRefs.NoSender);
    }

    private void ChokeAll()
    {
        _unchoked.Clear();
        ApplyChokes();
    }

    private void ListForChoker()
    {
        _chokerPeers.Clear();
        foreach (var peer in _sessions.Values)
        {
            if (peer.State == PeerState.Running)
            {
                _chokerPeers.Add(new ChokerPeer(
                    peer.Session, peer.IsInterested, (long)peer.DownloadRate, (long)peer.UploadRate, peer.IsSnubbing, !peer.AreWeChoking, peer.RunningSince));
            }
        }
    }

    private void ApplyChokes()
    {
        foreach (var peer in _sessions.Values)
        {
            if (peer.State == PeerState.Running)
                SetChoke(peer, !_unchoked.Contains(peer.Session));
        }
    }

    private sealed record SlotsDue
    {
        public static readonly SlotsDue Instance = new();
    }
}
