"use client";

import { createContext, createElement, useCallback, useContext, useMemo, useState, useSyncExternalStore } from "react";
import { Feeds, LOADING } from "./feeds.js";

const Context = createContext(null);

export function ScheduledProvider({ client, children }) {
  const feeds = useMemo(() => new Feeds(client), [client]);
  return createElement(Context.Provider, { value: feeds }, children);
}

export function useScheduledClient() {
  return useFeeds("useScheduledClient").client;
}

export function useScheduledRuns(query, options) {
  const feed = useFeeds("useScheduledRuns").of(query, options);
  const subscribe = useCallback((listener) => feed.subscribe(listener), [feed]);
  const state = useSyncExternalStore(subscribe, () => feed.state, () => LOADING);
  return useMemo(() => ({ ...state, refresh: () => feed.refresh() }), [state, feed]);
}

const ACTIONS = ["create", "update", "delete", "trigger", "bulkCreate", "bulkUpdate", "bulkDelete"];

export function useScheduledActions() {
  const feeds = useFeeds("useScheduledActions");
  const [{ underWay, error }, setState] = useState({ underWay: 0, error: undefined });
  const actions = useMemo(() => {
    const act = async (name, given) => {
      setState((state) => ({ underWay: state.underWay + 1, error: undefined }));
      let failure;
      try {
        return await feeds.client[name](...given);
      } catch (error) {
        failure = error;
        throw error;
      } finally {
        // What failed may have happened in part, or all the same.
        feeds.refresh();
        setState((state) => ({ underWay: state.underWay - 1, error: failure ?? state.error }));
      }
    };
    return Object.fromEntries(ACTIONS.map((name) => [name, (...given) => act(name, given)]));
  }, [feeds]);
  return useMemo(() => ({ ...actions, pending: underWay > 0, error }), [actions, underWay, error]);
}

function useFeeds(hook) {
  const feeds = useContext(Context);
  if (!feeds) throw new Error(`${hook}: there is no ScheduledProvider around this component`);
  return feeds;
}
