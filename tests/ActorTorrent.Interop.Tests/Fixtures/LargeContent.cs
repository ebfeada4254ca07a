namespace ActorTorrent.Interop.Tests.Fixtures;

/// <summary>256 MiB and a bit, made once for all tests of the collection.</summary>
public sealed class LargeContent : IDisposable
{
    private readonly Lazy<TestContent> _content = new(static () => new TestContent((256 << 20) + 12_345));

    public TestContent Content => _content.Value;

    public void Dispose()
    {
        if (_content.IsValueCreated)
            _content.Value.Dispose();
    }
}
