using ActorTorrent.Engine.Storage;
using Akka.Actor;

namespace ActorTorrent.Engine.Tests.Storage;

/// <summary>A job that does what a test says.</summary>
internal sealed class TestJob(IActorRef owner, bool isRead, string name, Action? work = null, CancellationToken cancelled = default)
    : DiskJob(owner, isRead, cancelled)
{
    public string Name { get; } = name;

    public int Released { get; private set; }

    protected override string Subject => Name;

    public override string ToString() => Name;

    protected override void Work() => work?.Invoke();

    protected override void Release() => Released++;
}
