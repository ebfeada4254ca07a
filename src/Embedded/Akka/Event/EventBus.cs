namespace Akka.Event;

public abstract class EventBus<TEvent, TClassifier, TSubscriber>
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TClassifier, HashSet<TSubscriber>> _subscribers = [];
    private volatile Dictionary<TClassifier, TSubscriber[]> _routes = [];

    protected EventBus()
    {
    }

    public virtual bool Subscribe(TSubscriber subscriber, TClassifier classifier)
    {
        lock (_gate)
        {
            if (!_subscribers.TryGetValue(classifier, out var set))
                _subscribers[classifier] = set = [];
            if (!set.Add(subscriber))
                return false;
            _routes = [];
            return true;
        }
    }

    public virtual bool Unsubscribe(TSubscriber subscriber)
    {
        lock (_gate)
        {
            var any = false;
            foreach (var set in _subscribers.Values)
                any |= set.Remove(subscriber);
            if (any)
                _routes = [];
            return any;
        }
    }

    public virtual bool Unsubscribe(TSubscriber subscriber, TClassifier classifier)
    {
        lock (_gate)
        {
            if (!_subscribers.TryGetValue(classifier, out var set) || !set.Remove(subscriber))
                return false;
            _routes = [];
            return true;
        }
    }

    public virtual void Publish(TEvent @event)
    {
        var classifier = GetClassifier(@event);
        if (!_routes.TryGetValue(classifier, out var route))
            route = RouteOf(classifier);
        foreach (var subscriber in route)
            Publish(@event, subscriber);
    }

    protected abstract bool IsSubClassification(TClassifier parent, TClassifier child);

    protected abstract void Publish(TEvent @event, TSubscriber subscriber);

    protected abstract bool Classify(TEvent @event, TClassifier classifier);

    protected abstract TClassifier GetClassifier(TEvent @event);

    /// <summary>Who gets a class of events is worked out once, until somebody comes or goes.</summary>
    private TSubscriber[] RouteOf(TClassifier classifier)
    {
        lock (_gate)
        {
            var found = new HashSet<TSubscriber>();
            foreach (var (channel, set) in _subscribers)
            {
                if (set.Count > 0 && IsSubClassification(channel, classifier))
                    found.UnionWith(set);
            }

            TSubscriber[] route = [.. found];
            _routes = new Dictionary<TClassifier, TSubscriber[]>(_routes) { [classifier] = route };
            return route;
        }
    }
}
