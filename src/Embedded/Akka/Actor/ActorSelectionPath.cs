namespace Akka.Actor;

internal static class ActorSelectionPath
{
    public static ActorSelection Select(string path, ActorSystemImpl system, IActorRef relativeTo)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (Address.TryParse(path, out var address))
        {
            var rest = path[(path.IndexOf("://", StringComparison.Ordinal) + 3)..];
            var slash = rest.IndexOf('/');
            IActorRef anchor = address == system.Address ? system.Root : new MissingRef(system, new RootActorPath(address));
            return new ActorSelection(anchor, slash < 0 ? "" : rest[slash..]);
        }

        return path.StartsWith('/') ? new ActorSelection(system.Root, path) : new ActorSelection(relativeTo, path);
    }
}
