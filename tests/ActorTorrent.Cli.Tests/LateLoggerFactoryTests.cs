using Microsoft.Extensions.Logging;

namespace ActorTorrent.Cli.Tests;

public sealed class LateLoggerFactoryTests
{
    [Fact]
    public void Nothing_is_made_for_a_run_that_logs_nothing()
    {
        using (var factory = new LateLoggerFactory(() => throw new InvalidOperationException("made")))
            _ = factory.CreateLogger("a");
    }

    [Fact]
    public void What_is_logged_reaches_the_factory_that_is_made_then_and_once()
    {
        var made = 0;
        var lines = new Lines();
        using (var factory = new LateLoggerFactory(() =>
        {
            made++;
            var real = new LoggerFactory([], new LoggerFilterOptions { MinLevel = LogLevel.Warning });
            real.AddProvider(lines);
            return real;
        }))
        {
            var (first, second) = (factory.CreateLogger("first"), factory.CreateLogger("second"));
            Assert.Equal(0, made);
            Assert.True(first.IsEnabled(LogLevel.Warning));
            Assert.False(second.IsEnabled(LogLevel.Information));
            using (first.BeginScope("scope"))
                first.LogWarning("one {Number}", 1);
            second.LogInformation("not shown");
            second.LogError("two");
        }
        Assert.Equal(1, made);
        Assert.Equal(["first: one 1", "second: two"], lines.Written);
        Assert.True(lines.IsDisposed);
    }

    private sealed class Lines : ILoggerProvider
    {
        public List<string> Written { get; } = [];

        public bool IsDisposed { get; private set; }

        public ILogger CreateLogger(string categoryName) => new Line(this, categoryName);

        public void Dispose() => IsDisposed = true;

        private sealed class Line(Lines lines, string category) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
                lines.Written.Add($"{category}: {formatter(state, exception)}");
        }
    }
}
