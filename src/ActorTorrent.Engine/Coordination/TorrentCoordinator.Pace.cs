using ActorTorrent.Engine.Storage;
using ActorTorrent.Engine.Telemetry;

namespace ActorTorrent.Engine.Coordination;

/// <content>
/// How often the torrent looks after itself: at a steady pace while something happens, and hardly ever while nothing does. Any message but its
/// own timers' counts as something. A service holds a thousand torrents; nearly all of them have nothing to do.
/// </content>
internal sealed partial class TorrentCoordinator
{
    private bool _isAtRest = true;
    private bool _hasNews;
    private bool _isSaveSoon;

    protected override void OnAnyMessage(object message)
    {
        if (_hasNews || message is Tick or ChokeRound or SaveDue or StorageProtocol.ResumeSaved)
            return;
        _hasNews = true;
        if (_phase != TorrentPhase.Stopping)
            Wake();
    }

    /// <summary>Whether what is under way needs a look at a steady pace, whatever is heard meanwhile.</summary>
    private bool IsBusy => _phase is TorrentPhase.Checking or TorrentPhase.DiskError || (IsFetching && !(_isStuck && _sessions.Count == 0));

    private void Wake()
    {
        if (_isAtRest)
        {
            _isAtRest = false;
            Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, _engine.Options.Torrent.SnapshotInterval);
        }
        if (!_isSaveSoon && _isTakenUp)
            SaveSoon();
    }

    /// <summary>At the end of each tick: the next one comes late when nothing was heard since the last one.</summary>
    private void Pace()
    {
        var isAtRest = !_hasNews && !IsBusy;
        _hasNews = false;
        if (isAtRest)
        {
            _isAtRest = true;
            Timers.StartSingleTimer(nameof(Tick), Tick.Instance, NextLook());
        }
        else
        {
            Wake();
        }
    }

    private TimeSpan NextLook()
    {
        var options = _engine.Options;
        var next = options.Torrent.RestInterval;
        if (_phase != TorrentPhase.Seeding)
            return next;
        // Who came and who went is told to those whose turn was not due yet.
        if (_sessions.Count > 0 && options.Pex.IsEnabled && options.Pex.Interval < next)
            next = options.Pex.Interval;
        if (!_isGoalTold && (_ownTime ?? _commonGoal.Time) is var goal && goal > TimeSpan.Zero && goal - SeedingTime() is var left && left < next)
            next = left;
        var least = options.Torrent.SnapshotInterval;
        return next < least ? least : next;
    }

    private void SaveSoon()
    {
        _isSaveSoon = true;
        Timers.StartSingleTimer(nameof(SaveDue), SaveDue.Instance, _engine.Options.Storage.ResumeInterval);
    }

    /// <summary>Saves what has changed. While nothing does, the time spent seeding is all there is to save, and that has time.</summary>
    private void OnSaveDue()
    {
        SaveResume();
        if (!_isAtRest)
        {
            SaveSoon();
            return;
        }
        _isSaveSoon = false;
        var options = _engine.Options.Storage;
        Timers.StartSingleTimer(
            nameof(SaveDue), SaveDue.Instance, options.ResumeInterval > options.RestResumeInterval ? options.ResumeInterval : options.RestResumeInterval);
    }
}
