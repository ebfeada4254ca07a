using Microsoft.Extensions.Logging;

namespace ActorTorrent.Cli;

/// <summary>Loggers that are made with the first line they have to write: most runs write none, and reading how to write takes time.</summary>
/// <param name="make">Makes the factory that they come from then. Called once at most.</param>
internal sealed class LateLoggerFactory(Func<ILoggerFactory> make) : ILoggerFactory
{
    private readonly Lazy<ILoggerFactory> _made = new(make);

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new LateLogger(_made, categoryName);

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) => _made.Value.AddProvider(provider);

    /// <summary>Writes out what waits to be written.</summary>
    public void Dispose()
    {
        if (_made.IsValueCreated)
            _made.Value.Dispose();
    }

    private sealed class LateLogger(Lazy<ILoggerFactory> made, string category) : ILogger
    {
        private readonly Lazy<ILogger> _logger = new(() => made.Value.CreateLogger(category));

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => _logger.Value.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => _logger.Value.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _logger.Value.Log(logLevel, eventId, state, exception, formatter);
    }
}
