namespace Akka.Actor;

/// <summary>Who sends what is sent outside any actor: nobody, unless a test has put its own actor there.</summary>
internal static class ImplicitSender
{
    private static AsyncLocal<IActorRef> _ambient;

    public static IActorRef Ambient
    {
        get => _ambient?.Value;
        set
        {
            if (_ambient is null)
                Interlocked.CompareExchange(ref _ambient, new AsyncLocal<IActorRef>(), null);
            _ambient.Value = value;
        }
    }
}
